import { describe, expect, it } from 'vitest'
import { textOfHtml } from '../../src/core/html'

describe('the text of HTML', () => {
  it.each([
    ['<b>S</b>UCCESS', 'SUCCESS'],
    ['<p>one</p>\r\n <p>two</p>', 'one two'],
    ['a <b> b</b>', 'a b'],
    ['1 < 2 &lt; 3 &amp;&amp; 4 > 3', '1 < 2 < 3 && 4 > 3'],
    ['caf&eacute; &#8364; &#x20AC; &nbsp;x &nosuch; &#0;', 'café € € x &nosuch; \ufffd'],
    ['&lsquo;x&rsquo; &hellip; &quot;&apos;', '‘x’ … "\''],
    ['<script>var a = "</p>"</script><style>p {}</style>left', 'left'],
    ['<SCRIPT>x</SCRIPT >left', 'left'],
    ['<textarea>a <b> c</textarea>', 'a <b> c'],
    ['a<!-- b > -->c<!doctype html>d<?xml e?>f', 'acdf'],
    ['<a title="a > b">c</a>', 'c'],
    ["<a title='a > b' x=y>c", 'c'],
    ['<a title=it"s>c', 'c'],
    ['<a href="unclosed>c', ''],
    ['<!-- unclosed', ''],
    ['<script>unclosed', ''],
    ['</>x</ y>z', 'xz'],
    ['<', '<'],
    ['', ''],
  ])('of %j is %j', (html, text) => {
    expect(textOfHtml(html)).toBe(text)
  })

  it('takes no longer for what is made to take long', () => {
    const begun = performance.now()
    for (const part of [
      '<',
      '<a b="',
      '<!--',
      '<script></scrip',
      '&',
      '&#',
      '<a b=\'"',
      '</',
      '<a a a a ',
      ' <b> ',
    ])
      textOfHtml(part.repeat(200_000))
    expect(performance.now() - begun).toBeLessThan(15_000)
  })
})
