import { afterEach, expect, it } from 'vitest'
import { localSite } from '../support/local-site'
import type { LocalSite } from '../support/local-site'
import { anAdministrator } from '../support/person'

let site: LocalSite

afterEach(() => site.close())

const FORM = {
  name: 'Nightly',
  kind: 'simple',
  period: '1',
  period_unit: 'days',
  grace: '1',
  grace_unit: 'hours',
}

it('a new check is told to those who are ticked, and leads back to the list as it was', async () => {
  site = await localSite()
  const ada = await anAdministrator(site)
  const list = (await ada.get('/')).location
  const { projects, channels, checks } = site.appliance.app.store
  const project = await projects.findByCode(list.split('/')[2] ?? '')
  const [channel] = await channels.ofProject(project?.id ?? 0)
  const back = `${list}?tag=db&per_page=50`
  const page = `${list}add/?tag=db&back=${encodeURIComponent(back)}`

  const asked = (await ada.get(page)).text
  expect(asked).toMatch(new RegExp(`name="told_${channel?.code}" value="true" checked`))
  expect(asked).toContain('name="tags" value="db"')

  const add = async (fields: Record<string, string>): Promise<number> => {
    const done = await ada.submit(page, { ...FORM, ...fields })
    expect(done.location.startsWith(`${back}&fresh=`)).toBe(true)
    const added = await checks.findByCode(done.location.split('fresh=')[1] ?? '')
    return (await channels.ofCheck(added?.id ?? 0)).length
  }
  expect(await add({ asks_told: 'true' })).toBe(0)
  expect((await ada.get(list)).text).toMatch(/Check created\. <a href="[^"]+\/usage\/">How to ping it<\/a>/)
  expect(await add({ asks_told: 'true', [`told_${channel?.code}`]: 'true' })).toBe(1)
  expect(await add({})).toBe(1)
})
