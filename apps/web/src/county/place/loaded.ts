export { useLoaded, type Loaded } from '../../shared/list/loaded.js';
