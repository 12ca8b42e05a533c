/** Who may see which project: pairs of user_id and project_id. */
export const REACH = `(SELECT owner_id AS user_id, id AS project_id FROM projects
  UNION SELECT user_id, project_id FROM members)`
