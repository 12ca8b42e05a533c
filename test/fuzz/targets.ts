import type { Dice } from './dice'
import { API, ODD_SIGNALS, PAGES, QUERIES, SIGNALS, TRICKS } from './address-parts'

/** What there is to be found at the address of the program. */
export interface World {
  /** Checks of every kind: plain, paused, filtered, POST only. */
  codes: [string, ...string[]]
  /** Of checks at which anything by any method counts and is answered 200. */
  plainCodes: [string, ...string[]]
  /** Of a check that the API may change and rename; no ping to it is judged. */
  editableCode: string
  pingKey: string
  slugs: [string, ...string[]]
  /** That two checks have. */
  ambiguousSlug: string
  projectCode: string
  apiKey: string
  /** Of somebody who is signed in. */
  session: string
}

export interface Target {
  /** As it is sent; may hold bytes that no target may have. */
  text: string
  /** The status it must be answered with when it is sent by a method and headers like any client's. */
  expected: number | null
  kind: 'ping' | 'page' | 'api' | 'junk'
}

/** Any address: of a ping as a rule. */
export function targetOf(dice: Dice, world: World): Target {
  const throwing = dice.below(100)
  if (throwing < 40) return soundPing(dice, world)
  if (throwing < 80) return oddPing(dice, world)
  if (throwing < 90)
    return {
      text: mangledAtTimes(dice, place(dice, world, dice.pick(PAGES))) + oddQuery(dice),
      expected: null,
      kind: 'page',
    }
  if (throwing < 97) {
    const path = `/api/v${dice.pick([1, 2, 3, 3, 9])}/${place(dice, { ...world, codes: [world.editableCode] }, dice.pick(API))}`
    return { text: mangledAtTimes(dice, path) + oddQuery(dice), expected: null, kind: 'api' }
  }
  return { text: junk(dice), expected: null, kind: 'junk' }
}

/** What a client in the field might send, and what it must hear. */
function soundPing(dice: Dice, world: World): Target {
  const signal = dice.pick(SIGNALS)
  const rid = dice.chance(0.3) ? `?rid=${dice.uuid()}` : ''
  const said = (path: string, expected: number): Target => ({ text: `/ping/${path}`, expected, kind: 'ping' })
  switch (dice.below(8)) {
    case 0:
      return said(`${dice.uuid()}${signal}${rid}`, 404)
    case 1:
    case 2: {
      // Only addresses by code may end with a slash.
      const end = signal === '/' ? '' : signal
      return said(`${world.pingKey}/${dice.pick(world.slugs)}${end}${rid}`, 200)
    }
    case 3:
      return said(`${world.pingKey}/${world.ambiguousSlug}${rid}`, 409)
    case 4:
      return said(`${dice.pick(world.plainCodes)}${signal}?rid=${dice.text(8, 'xyz-')}`, 400)
    default:
      return said(`${dice.pick(world.codes)}${signal}${rid}`, 200)
  }
}

function oddPing(dice: Dice, world: World): Target {
  const { pingKey } = world
  const beginning = dice.pick<string>([
    dice.pick(world.codes),
    dice.pick(world.codes).toUpperCase(),
    dice.pick(world.codes).slice(0, dice.below(36)),
    dice.pick(world.codes).replaceAll('-', ''),
    dice.uuid(),
    `${pingKey}/${dice.pick(world.slugs)}`,
    `${pingKey}/${dice.pick(world.slugs).toUpperCase()}`,
    `${pingKey}/new-${dice.below(400)}`,
    `${pingKey}/${dice.text(dice.below(150), 'abc-_')}`,
    `${pingKey}/`,
    `${pingKey.toUpperCase()}/${dice.pick(world.slugs)}`,
    `${dice.text(22, 'abcXYZ019_-')}/${dice.pick(world.slugs)}`,
    dice.text(dice.chance(0.02) ? 60_000 : dice.below(3000), 'abc%/ '),
  ])
  const signal = dice.chance(0.5) ? dice.pick<string>(ODD_SIGNALS) : dice.pick<string>(SIGNALS)
  const door = dice.chance(0.9)
    ? '/ping/'
    : dice.pick(['/Ping/', '//ping/', '/ping//', '/%70ing/', '/./ping/', '/ping%2f', 'ping/', '/a/../ping/'])
  const form = dice.chance(0.93)
    ? ''
    : dice.pick(['http://localhost', 'HTTPS://evil.example:99', 'http://', 'ftp://x', 'http://a@b:x', '//x'])
  return {
    text: form + mangledAtTimes(dice, door + beginning + signal) + oddQuery(dice),
    expected: null,
    kind: 'ping',
  }
}

function place(dice: Dice, world: World, path: string): string {
  return path.replace(/[PCU]/, (letter) => {
    if (dice.chance(0.1)) return dice.text(dice.below(50), 'abc-%2f.')
    if (letter === 'P') return world.projectCode
    return letter === 'C' ? dice.pick(world.codes) : dice.uuid()
  })
}

function mangledAtTimes(dice: Dice, path: string): string {
  if (dice.chance(0.75)) return path
  const at = dice.below(path.length + 1)
  switch (dice.below(4)) {
    case 0:
      return path.slice(0, at) + dice.pick(TRICKS) + path.slice(at)
    case 1:
      return path.slice(0, at) + dice.pick(TRICKS) + path.slice(at + dice.below(4))
    case 2:
      return path.replace(/[a-z]/g, (letter) =>
        dice.chance(0.3) ? `%${letter.charCodeAt(0).toString(16)}` : letter,
      )
    default:
      return path.slice(0, at)
  }
}

function oddQuery(dice: Dice): string {
  if (dice.chance(0.4)) return ''
  const rid = () => `rid=${dice.chance(0.6) ? dice.uuid() : dice.text(dice.below(40), '0aF-%&=é')}`
  switch (dice.below(6)) {
    case 0:
      return `?${rid()}`
    case 1:
      return `?${rid()}&${rid()}&${rid()}`
    case 2:
      return `?create=${dice.pick(['1', '1', '1', '0', '', '%31', '1&create=0', '1&create=1'])}`
    case 3:
      return `?create=1&${rid()}`
    case 4:
      return `?${dice.text(dice.below(dice.chance(0.02) ? 20_000 : 300), 'ab=&%;+[]{}"\\#?/')}`
    default:
      return dice.pick<string>(QUERIES)
  }
}

function junk(dice: Dice): string {
  if (dice.chance(0.3))
    return dice.pick(['*', '', '/', '//', '?', '#', '/?', 'x', 'localhost:80', '/\u0000', '/..'])
  return `/${dice.bytes(dice.below(200)).toString('latin1')}`
}
