export { removeDemoFolder as default } from './demo.folder.js';
