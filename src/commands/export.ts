import { fileOf } from '../apply/export'
import { projectsOf, stateOf } from '../apply/site'
import { writeYaml } from '../apply/yaml'
import { command, EXIT } from './command'
import { onSite, SITE_HELP, SITE_OPTIONS } from './managed-site'

const HEADING = `# Projects with their checks, channels, keys and members: rollcall apply makes a site so.
# \${NAME} is a variable of the environment. Where it is not set, what there is, is kept.
`

export const exportFile = command({
  name: 'export',
  help: `Usage: rollcall export [options]

Writes all projects, with their checks, channels, keys and members, as a file for rollcall apply
to standard output. Pings are not in it, and instead of secrets there are names of variables.

  --project NAME     only this project, by its name or id
  --with-secrets     writes secrets themselves; those of API keys are kept nowhere, and so missing
  --json             as JSON, which rollcall apply reads as well
${SITE_HELP}`,
  options: {
    ...SITE_OPTIONS,
    project: { type: 'string' },
    'with-secrets': { type: 'boolean' },
    json: { type: 'boolean' },
  },
  run: (options, call) =>
    onSite(call, options.url, async (api) => {
      const all = await projectsOf(api, null)
      const { project: wanted } = options
      const chosen =
        wanted === undefined ? all : all.filter(({ id, name }) => id === wanted || name === wanted)
      if (wanted !== undefined && chosen.length === 0) {
        const names = all.map(({ name }) => name).join(', ') || 'none'
        call.terminal.err(`There is no project '${wanted}'. There are: ${names}.`)
        return EXIT.failed
      }
      const states = []
      for (const project of chosen) states.push(await stateOf(api, project))
      const data = fileOf(states, { withSecrets: options['with-secrets'] ?? false })
      const text = options.json ? `${JSON.stringify(data, null, 2)}\n` : writeYaml(data, HEADING)
      await call.terminal.pass('out', Buffer.from(text))
      return EXIT.done
    }),
})
