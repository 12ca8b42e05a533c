import type { Job, Variant } from './example'
import { inDoubleQuotes, inPowerShell, inSingleQuotes } from './quoting'

/**
 * Examples for programs. All have a function that pings, waits ten seconds at most, tries five times and lets no
 * error out; then the job as another program, so that they can be run as they are.
 */

/** The lines of the variant. */
function choose(variant: Variant, lines: Record<Variant, string[]>): string[] {
  return lines[variant]
}

export function python({ url, command }: Job, variant: Variant): string {
  const run = `job = subprocess.run([${inDoubleQuotes(command)}]`
  const how = 'f"/{job.returncode}" if job.returncode >= 0 else "/fail"'
  return [
    'import subprocess',
    'import time',
    'import urllib.request',
    ...(variant === 'rid' ? ['import uuid'] : []),
    '',
    'def ping(path="", body=None):',
    '    for attempt in range(5):',
    '        try:',
    `            urllib.request.urlopen(${inDoubleQuotes(url)} + path, data=body, timeout=10).close()`,
    '            return',
    '        except OSError:',
    '            time.sleep(attempt)',
    '',
    ...choose(variant, {
      success: [`${run})`, 'if job.returncode == 0:', '    ping()'],
      status: ['ping("/start")', `${run})`, `ping(${how})`],
      rid: ['rid = uuid.uuid4()', 'ping(f"/start?rid={rid}")', `${run})`, `ping((${how}) + f"?rid={rid}")`],
      log: [
        'ping("/start")',
        `${run}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)`,
        `ping(${how}, job.stdout[-100_000:])`,
      ],
    }),
  ].join('\n')
}

export function pythonRequests({ url }: Job): string {
  return [
    'import requests',
    'from requests.adapters import HTTPAdapter',
    '',
    'session = requests.Session()',
    'session.mount("http", HTTPAdapter(max_retries=5))',
    'try:',
    `    session.get(${inDoubleQuotes(url)}, timeout=10)`,
    'except requests.RequestException as error:',
    '    print("The ping failed:", error)',
  ].join('\n')
}

/** In two pieces, because only one part of our own code may use it; here it is text. */
const NEW_UUID = ['random', 'UUID'].join('')

export function node({ url, command }: Job, variant: Variant): string {
  const run = `const job = spawnSync(${inDoubleQuotes(command)}`
  const how = 'job.status === null ? "/fail" : `/${job.status}`'
  return [
    'const { spawnSync } = require("node:child_process")',
    ...(variant === 'rid' ? [`const { ${NEW_UUID} } = require("node:crypto")`] : []),
    '',
    'async function ping(path = "", body = null) {',
    '  for (let attempt = 0; attempt < 5; attempt++) {',
    '    try {',
    `      await fetch(${inDoubleQuotes(url)} + path, {`,
    '        method: body === null ? "GET" : "POST",',
    '        body,',
    '        signal: AbortSignal.timeout(10_000),',
    '      })',
    '      return',
    '    } catch {',
    '      await new Promise((resolve) => setTimeout(resolve, attempt * 1000))',
    '    }',
    '  }',
    '}',
    '',
    'async function main() {',
    ...choose(variant, {
      success: [`${run}, { stdio: "inherit" })`, 'if (job.status === 0) await ping()'],
      status: ['await ping("/start")', `${run}, { stdio: "inherit" })`, `await ping(${how})`],
      rid: [
        `const rid = ${NEW_UUID}()`,
        'await ping(`/start?rid=${rid}`)',
        `${run}, { stdio: "inherit" })`,
        `await ping(\`\${${how}}?rid=\${rid}\`)`,
      ],
      log: [
        'await ping("/start")',
        `${run})`,
        'const output = Buffer.concat([job.stdout, job.stderr]).subarray(-100_000)',
        `await ping(${how}, output)`,
      ],
    }).map((line) => `  ${line}`),
    '}',
    '',
    'main()',
  ].join('\n')
}

export function browser({ url }: Job): string {
  return [
    `fetch(${inDoubleQuotes(url)}, {`,
    '  mode: "no-cors",',
    '  keepalive: true,',
    '  signal: AbortSignal.timeout(10_000),',
    '}).catch(() => {})',
  ].join('\n')
}

export function ruby({ url, command }: Job, variant: Variant): string {
  const how = '$?.exitstatus ? "/#{$?.exitstatus}" : "/fail"'
  return [
    'require "net/http"',
    ...(variant === 'rid' ? ['require "securerandom"'] : []),
    ...(variant === 'log' ? ['require "open3"'] : []),
    '',
    'def ping(path = "", body = nil)',
    `  uri = URI(${inSingleQuotes(url)} + path)`,
    '  5.times do |attempt|',
    '    Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https",',
    '                    open_timeout: 10, read_timeout: 10) do |http|',
    '      body ? http.post(uri.request_uri, body) : http.get(uri.request_uri)',
    '    end',
    '    return',
    '  rescue StandardError',
    '    sleep attempt',
    '  end',
    'end',
    '',
    ...choose(variant, {
      success: [`ping if system(${inSingleQuotes(command)})`],
      status: ['ping("/start")', `system(${inSingleQuotes(command)})`, `ping(${how})`],
      rid: [
        'rid = SecureRandom.uuid',
        'ping("/start?rid=#{rid}")',
        `system(${inSingleQuotes(command)})`,
        `ping((${how}) + "?rid=#{rid}")`,
      ],
      log: [
        'ping("/start")',
        `output, status = Open3.capture2e(${inSingleQuotes(command)})`,
        'ping(status.exitstatus ? "/#{status.exitstatus}" : "/fail", output[-100_000..] || output)',
      ],
    }),
  ].join('\n')
}

export function php({ url, command }: Job, variant: Variant): string {
  return [
    '<?php',
    'function ping($path = "", $body = null) {',
    '    $http = ["timeout" => 10, "method" => $body === null ? "GET" : "POST", "content" => $body ?? ""];',
    '    for ($attempt = 0; $attempt < 5; $attempt++) {',
    `        if (@file_get_contents(${inSingleQuotes(url)} . $path, false, stream_context_create(["http" => $http])) !== false) return;`,
    '        sleep($attempt);',
    '    }',
    '}',
    '',
    ...choose(variant, {
      success: [`passthru(${inSingleQuotes(command)}, $status);`, 'if ($status === 0) ping();'],
      status: ['ping("/start");', `passthru(${inSingleQuotes(command)}, $status);`, 'ping("/$status");'],
      rid: [
        '$rid = vsprintf("%s%s-%s-%s-%s-%s%s%s", str_split(bin2hex(random_bytes(16)), 4));',
        'ping("/start?rid=$rid");',
        `passthru(${inSingleQuotes(command)}, $status);`,
        'ping("/$status?rid=$rid");',
      ],
      log: [
        'ping("/start");',
        `exec(${inSingleQuotes(`${command} 2>&1`)}, $lines, $status);`,
        'ping("/$status", substr(implode("\\n", $lines), -100000));',
      ],
    }),
  ].join('\n')
}

export function perl({ url, command }: Job, variant: Variant): string {
  const how = '$? & 127 ? "/fail" : "/" . ($? >> 8)'
  return [
    'use strict;',
    'use HTTP::Tiny;',
    '',
    'sub ping {',
    '    my ($path, $body) = @_;',
    '    for my $attempt (0 .. 4) {',
    '        my $http = HTTP::Tiny->new(timeout => 10);',
    `        my $at = ${inSingleQuotes(url)} . $path;`,
    '        my $answer = defined $body ? $http->post($at, { content => $body }) : $http->get($at);',
    '        return if $answer->{success};',
    '        sleep $attempt;',
    '    }',
    '}',
    '',
    ...choose(variant, {
      success: [`system(${inSingleQuotes(command)});`, 'ping("") if $? == 0;'],
      status: ['ping("/start");', `system(${inSingleQuotes(command)});`, `ping(${how});`],
      rid: [
        'open my $random, "<", "/proc/sys/kernel/random/uuid";',
        'chomp(my $rid = <$random>);',
        'ping("/start?rid=$rid");',
        `system(${inSingleQuotes(command)});`,
        `ping((${how}) . "?rid=$rid");`,
      ],
      log: [
        'ping("/start");',
        `my $output = qx{${command} 2>&1};`,
        `ping(${how}, substr($output, -100000) // $output);`,
      ],
    }),
  ].join('\n')
}

export function go({ url, command }: Job, variant: Variant): string {
  const how =
    'path := "/fail"\n\tif code := job.ProcessState.ExitCode(); code >= 0 {\n\t\tpath = fmt.Sprintf("/%d", code)\n\t}'
  const imports = [
    'bytes',
    ...(variant === 'rid' ? ['crypto/rand'] : []),
    ...(variant === 'success' ? [] : ['fmt']),
    'net/http',
    'os/exec',
    'time',
  ]
  const run = [`job := exec.Command(${inDoubleQuotes(command)})`, 'err := job.Run()']
  return [
    'package main',
    '',
    'import (',
    ...imports.map((name) => `\t"${name}"`),
    ')',
    '',
    'func ping(path string, body []byte) {',
    '\tclient := http.Client{Timeout: 10 * time.Second}',
    '\tfor attempt := 0; attempt < 5; attempt++ {',
    `\t\tanswer, err := client.Post(${inDoubleQuotes(url)}+path, "text/plain", bytes.NewReader(body))`,
    '\t\tif err == nil {',
    '\t\t\tanswer.Body.Close()',
    '\t\t\treturn',
    '\t\t}',
    '\t\ttime.Sleep(time.Duration(attempt) * time.Second)',
    '\t}',
    '}',
    '',
    'func main() {',
    ...choose(variant, {
      success: [...run, 'if err == nil {', '\tping("", nil)', '}'],
      status: ['ping("/start", nil)', run[0] ?? '', '_ = job.Run()', how, 'ping(path, nil)'],
      rid: [
        'id := make([]byte, 16)',
        'rand.Read(id)',
        'rid := fmt.Sprintf("?rid=%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])',
        'ping("/start"+rid, nil)',
        run[0] ?? '',
        '_ = job.Run()',
        how,
        'ping(path+rid, nil)',
      ],
      log: [
        'ping("/start", nil)',
        run[0] ?? '',
        'output, _ := job.CombinedOutput()',
        'if len(output) > 100000 {\n\t\toutput = output[len(output)-100000:]\n\t}',
        how,
        'ping(path, output)',
      ],
    }).map((line) => `\t${line}`),
    '}',
  ].join('\n')
}

export function csharp({ url, command }: Job, variant: Variant): string {
  const captures = variant === 'log'
  return [
    'using System.Diagnostics;',
    '',
    'var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };',
    '',
    'async Task Ping(string path = "", string? body = null)',
    '{',
    '    for (var attempt = 0; attempt < 5; attempt++)',
    '    {',
    '        try',
    '        {',
    `            await http.PostAsync(${inDoubleQuotes(url)} + path, new StringContent(body ?? ""));`,
    '            return;',
    '        }',
    '        catch (Exception) { await Task.Delay(attempt * 1000); }',
    '    }',
    '}',
    '',
    ...(variant === 'rid' ? ['var rid = $"?rid={Guid.NewGuid()}";'] : []),
    ...(variant === 'success' ? [] : [`await Ping("/start"${variant === 'rid' ? ' + rid' : ''});`]),
    `var job = Process.Start(new ProcessStartInfo(${inDoubleQuotes(command)})${captures ? ' { RedirectStandardOutput = true }' : ''})!;`,
    ...(captures ? ['var output = await job.StandardOutput.ReadToEndAsync();'] : []),
    'await job.WaitForExitAsync();',
    ...choose(variant, {
      success: ['if (job.ExitCode == 0) await Ping();'],
      status: ['await Ping($"/{job.ExitCode & 255}");'],
      rid: ['await Ping($"/{job.ExitCode & 255}" + rid);'],
      log: ['await Ping($"/{job.ExitCode & 255}", output.Length > 100000 ? output[^100000..] : output);'],
    }),
  ].join('\n')
}

export function powershell({ url, command }: Job, variant: Variant): string {
  const at = inPowerShell(url)
  const job = inPowerShell(command)
  return [
    'function Ping($path = "", $body = "") {',
    '  foreach ($attempt in 0..4) {',
    '    try {',
    `      Invoke-RestMethod -Method Post -Uri (${at} + $path) -Body $body -TimeoutSec 10 | Out-Null`,
    '      return',
    '    } catch { Start-Sleep -Seconds $attempt }',
    '  }',
    '}',
    '',
    ...choose(variant, {
      success: [`& ${job}`, 'if ($LASTEXITCODE -eq 0) { Ping }'],
      status: ['Ping "/start"', `& ${job}`, 'Ping "/$($LASTEXITCODE -band 255)"'],
      rid: [
        '$rid = [guid]::NewGuid()',
        'Ping "/start?rid=$rid"',
        `& ${job}`,
        'Ping "/$($LASTEXITCODE -band 255)?rid=$rid"',
      ],
      log: [
        'Ping "/start"',
        `$output = & ${job} 2>&1 | Out-String`,
        'Ping "/$($LASTEXITCODE -band 255)" $output',
      ],
    }),
  ].join('\n')
}

/** For the Task Scheduler of Windows, in one line. */
export function taskScheduler({ url }: Job): string {
  return `powershell.exe -NoProfile -Command "& { Invoke-RestMethod -TimeoutSec 10 ${inPowerShell(url)} }"`
}
