/** Who has to do with which project, as rows of `user_id` and `project_id`: its owner. */
export const REACH = `(SELECT owner_id AS user_id, id AS project_id FROM projects)`
