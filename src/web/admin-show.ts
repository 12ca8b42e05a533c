import type { Request, Response } from 'express'
import type { AdminPage } from './admin-models'
import { render } from './render'

/** Pages of the administration are kept nowhere. */
export async function showAdmin(
  request: Request,
  response: Response,
  model: AdminPage,
  status = 200,
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store')
  await render(request, response, 'admin', model, { title: model.heading, status })
}
