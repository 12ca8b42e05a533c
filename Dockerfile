# Makes the executable, and ships it alone: with the few libraries it names, and no shell.
FROM node:24-bookworm-slim AS build
WORKDIR /rollcall
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run package
RUN mkdir -p /image/usr/local/bin /image/etc /image/tmp /data \
  && cp "build/rollcall-linux-$(node -p process.arch)" /image/usr/local/bin/rollcall \
  && ldd /image/usr/local/bin/rollcall | grep -o '/[^ ]*' | xargs cp --parents --dereference --target-directory=/image \
  && echo 'nobody:x:65534:65534:nobody:/data:/sbin/nologin' > /image/etc/passwd \
  && echo 'nogroup:x:65534:' > /image/etc/group \
  && chmod 1777 /image/tmp

FROM scratch
LABEL org.opencontainers.image.title="Rollcall" \
  org.opencontainers.image.description="Watches cron jobs, backups and everything else that should run on time" \
  org.opencontainers.image.licenses="BSD-3-Clause"
COPY --from=build /image /
# A new volume takes over the owner of the folder it is mounted on.
COPY --from=build --chown=65534:65534 /data /data
USER 65534:65534
ENV HOME=/data DATA_DIR=/data
VOLUME /data
WORKDIR /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --start-period=20s --timeout=6s --retries=3 \
  CMD ["/usr/local/bin/rollcall", "health"]
ENTRYPOINT ["/usr/local/bin/rollcall"]
CMD ["serve"]
