import type { Block, Job, Variant } from './example'
import { inCrontab, inShell, inUnit } from './quoting'

/** Examples for shells and what starts them. Every call waits ten seconds at most and never stops the job. */

const CURL = 'curl -fsS -m 10 --retry 5 -o /dev/null'

/** How much of the output is sent. */
const LAST_BYTES = 100_000

export function curlScript({ url, command }: Job, variant: Variant): string {
  const at = (path: string): string => inShell(url, path)
  switch (variant) {
    case 'success':
      return `${command} && ${CURL} ${at('')}`
    case 'status':
      return [`${CURL} ${at('/start')}`, command, `${CURL} ${at('/$?')}`].join('\n')
    case 'rid':
      return [
        'rid=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)',
        `${CURL} ${at('/start?rid=$rid')}`,
        command,
        `${CURL} ${at('/$??rid=$rid')}`,
      ].join('\n')
    case 'log':
      return [
        `${CURL} ${at('/start')}`,
        `output=$(${command} 2>&1)`,
        'status=$?',
        `printf '%s' "$output" | tail -c ${LAST_BYTES} | ${CURL} --data-binary @- ${at('/$status')}`,
      ].join('\n')
  }
}

export function wgetScript({ url, command }: Job, variant: Variant, wget: string, post: string): string {
  const at = (path: string): string => inShell(url, path)
  switch (variant) {
    case 'success':
      return `${command} && ${wget} ${at('')}`
    case 'status':
      return [`${wget} ${at('/start')}`, command, `${wget} ${at('/$?')}`].join('\n')
    case 'rid':
      return [
        'rid=$(cat /proc/sys/kernel/random/uuid)',
        `${wget} ${at('/start?rid=$rid')}`,
        command,
        `${wget} ${at('/$??rid=$rid')}`,
      ].join('\n')
    case 'log':
      return [
        `${wget} ${at('/start')}`,
        `output=$(${command} 2>&1)`,
        'status=$?',
        `${wget} ${post}"$output" ${at('/$status')}`,
      ].join('\n')
  }
}

export const GNU_WGET = 'wget -q -T 10 -t 5 -O /dev/null'
export const BUSYBOX_WGET = 'wget -q -T 10 -O /dev/null'
export const UCLIENT = 'uclient-fetch -q -T 10 -O /dev/null'

export function crontab(job: Job, variant: Variant): string {
  const commands = curlScript(job, variant).split('\n').join('; ')
  const guess = job.isGuess ? ['# Replace this schedule with that of the job'] : []
  return [...guess, ...job.cron.split('\n').map((cron) => `${cron} ${inCrontab(commands)}`)].join('\n')
}

export function systemd({ url, calendar, cron, command }: Job, variant: Variant): Block[] {
  const curl = `/usr/bin/${CURL}`
  const at = inUnit(inShell(url))
  const rid = String.raw`rid=$$(echo $INVOCATION_ID | sed -E "s/^(.{8})(.{4})(.{4})(.{4})/\1-\2-\3-\4-/")`
  const how = 'case "$EXIT_STATUS" in *[!0-9]*) how=fail;; *) how=$EXIT_STATUS;; esac'
  const sh = (line: string): string =>
    `-/bin/sh -c "${line.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`
  const lines: Record<Variant, string[]> = {
    success: [`ExecStartPost=-${curl} ${at}`],
    status: [`ExecStartPre=-${curl} ${at}/start`, `ExecStopPost=${sh(`${how}; ${curl} ${at}/$$how`)}`],
    rid: [
      `ExecStartPre=${sh(`${rid}; ${curl} ${at}/start?rid=$$rid`)}`,
      `ExecStopPost=${sh(`${how}; ${rid}; ${curl} ${at}/$$how?rid=$$rid`)}`,
    ],
    log: [
      `ExecStartPre=-${curl} ${at}/start`,
      `ExecStopPost=${sh(`${how}; journalctl -q -o cat _SYSTEMD_INVOCATION_ID=$INVOCATION_ID | tail -c ${LAST_BYTES} | ${curl} --data-binary @- ${at}/$$how`)}`,
    ],
  }
  return [
    {
      title: '/etc/systemd/system/job.service',
      code: ['[Service]', 'Type=oneshot', `ExecStart=${command}`, ...lines[variant]].join('\n'),
    },
    {
      title: '/etc/systemd/system/job.timer',
      code: [
        '[Timer]',
        ...(calendar === null
          ? [`# The schedule of the check is "${cron.split('\n')[0]}"`, 'OnCalendar=daily']
          : calendar.split('\n').map((line) => `OnCalendar=${line}`)),
        'Persistent=true',
        '',
        '[Install]',
        'WantedBy=timers.target',
      ].join('\n'),
    },
  ]
}
