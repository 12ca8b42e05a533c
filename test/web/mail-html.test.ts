import { describe, expect, it } from 'vitest'
import { harmlessHtml } from '../../src/web/mail-html'

const inside = (html: string) => /<body>(.*)<\/body>/s.exec(harmlessHtml(html))?.[1]

describe('the HTML of a mail', () => {
  it('keeps what text is laid out with', () => {
    const table =
      '<table border="1"><tr><td colspan="2" style="color: red">Ein &amp; <b>Tag</b></td></tr></table><br>'
    expect(inside(table)).toBe(table)
    expect(inside('<style>p { color: red }</style><p class=x>1 < 2</p>')).toBe(
      '<style>p { color: red }</style><p class="x">1 &lt; 2</p>',
    )
  })

  it('shows where a link leads, and leads nowhere', () => {
    expect(inside('<a href="https://evil.example/?a=1&amp;b" title="bank">bank</a>')).toBe(
      '<a title="https://evil.example/?a=1&amp;b">bank</a>',
    )
  })

  it.each([
    ['<img src="https://evil.example/pixel.gif" alt="logo <b>">', '<span>[picture: logo &lt;b&gt;]</span>'],
    ['<img src="cid:part1">', '<span>[picture]</span>'],
    ['<img src="data:image/svg+xml;base64,AAAA">', '<span>[picture]</span>'],
    ['<img src="data:image/png;base64,AAAA" onerror="x()">', '<img alt="" src="data:image/png;base64,AAAA">'],
  ])('shows a picture %s as what it is', (html, shown) => {
    expect(inside(html)).toBe(shown)
  })

  it.each([
    '<script>alert(1)</script>',
    '<SCRIPT SRC=//evil.example></SCRIPT>',
    '<script>alert(1)',
    '<svg onload=alert(1)>',
    '<svg><script>alert(1)</script></svg>',
    '<base href="//evil.example">',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    '<link rel=stylesheet href="//evil.example">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="//evil.example"></object><embed src="//evil.example">',
    '<form action="//evil.example"></form>',
    '<input autofocus onfocus=alert(1)>',
    '<!--><script>alert(1)</script>-->',
    '<!-- <b> --!><script>alert(1)</script>',
    '<math><mtext></mtext><style><img src=x onerror=alert(1)></style></math>',
    '<p onclick="alert(1)" onmouseover=alert(1)></p>',
    '<p title="</p><script>alert(1)</script>"></p>',
    '<a href="javascript:alert(1)">x</a>',
    '<style></style ><script>alert(1)</script>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<scr<script>ipt>alert(1)</script>',
    '<p/onclick=alert(1)>',
    '<b\u0000 onclick=alert(1)>',
  ])('is inert: %s', (html) => {
    const shown = inside(html) ?? ''
    expect(shown).not.toMatch(/<(script|svg|base|meta|link|iframe|object|embed|form|input|math|!--|img)/i)
    expect(shown.replace(/"[^"]*"|<style>[^<]*<\/style>/g, '')).not.toMatch(/\son\w+\s*=|href|javascript:/i)
  })
})
