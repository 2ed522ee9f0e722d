export { usePagedRows } from '../../shared/list/paged.rows.js';
