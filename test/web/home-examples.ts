import type { HomePage, ProjectCard } from '../../src/web/home-models'

const card: ProjectCard = {
  code: '6d0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e11',
  name: 'Home',
  url: '/projects/1/checks/',
  worst: { shape: 'down', word: 'Down', running: true },
  sums: [
    { status: 'down', text: '1 down', url: '' },
    { status: 'up', text: '31 up', url: '' },
    { status: 'running', text: '1 running', url: '' },
  ],
  checks: '32 checks',
  role: 'Owner',
  owner: '',
  unread: '3 new',
  ailing: '',
  isLast: true,
}

export const home: HomePage = {
  addUrl: '/projects/add/',
  allChecksUrl: '/checks/',
  offers: [
    {
      text: 'mia@example.org invites you to Work, as Member.',
      accept: { url: '/a/', answer: 'accept' },
      decline: { url: '/a/', answer: 'decline' },
      moreUrl: '',
      whyNot: '',
    },
    {
      text: 'You are asked to own Attic.',
      accept: null,
      decline: { url: '/b/', answer: '' },
      moreUrl: '/c/',
      whyNot: 'Your limit is 10 checks, you use 8; this project has 3.',
    },
  ],
  totals: { text: '44 checks in 3 projects', sums: [{ status: 'down', text: '1 down', url: '/checks/' }] },
  url: '/',
  search: '',
  count: 3,
  poll: { url: '/?refresh=1', version: '0123456789abcdef', order: 'a.b' },
  projects: [
    card,
    {
      ...card,
      code: '7d0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e12',
      name: 'A_project_whose_name_somebody_made_as_long_as_it_may_be_without',
      worst: { shape: 'up', word: 'Up', running: false },
      sums: [{ status: 'up', text: '12 up', url: '' }],
      role: 'Member',
      owner: 'mia@example.org',
      unread: '',
      ailing: 'No integrations',
      isLast: false,
    },
    { ...card, code: '8d0d7e3f-1c9b-4f0a-8a51-0b6f9a3c2e13', name: 'Empty', sums: [], checks: '0 checks' },
  ],
}
