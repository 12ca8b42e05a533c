import { createInterface } from 'node:readline'
import { get } from './load'
import { startPaced } from './paced'
import type { ApartPace } from './paced-apart'

/**
 * Sends requests at a steady pace from a process of its own, so that what the bench does meanwhile holds up none
 * of them: it is told a pace in a line of JSON, and answers the line "stop" with the waits.
 */
let stop: (() => number[]) | null = null
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'stop') {
    console.log(JSON.stringify(stop?.() ?? []))
    return
  }
  const { paths, ...pace } = JSON.parse(line) as ApartPace
  let turn = 0
  void startPaced({ ...pace, request: () => get(paths[turn++ % paths.length]!) }).then((stopped) => {
    stop = stopped
    console.log('started')
  })
})
console.log('ready')
