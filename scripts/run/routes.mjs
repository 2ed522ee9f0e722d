/** Compares the reverse proxy's routes with the services' controllers: a path must reach the service that answers it. */
import { readFileSync } from 'node:fs';
import { filesUnder } from './sources.mjs';
import { at } from './workspace.mjs';

const SERVICES = ['directory', 'upflow', 'logistics', 'trace', 'insight'];
const DECORATOR = /@(Controller|Get|Post|Put|Patch|Delete)\(\s*(?:'([^']*)'\s*)?\)/g;

/** Paths that a service's controllers answer, with `x` for every parameter. Paths that are made from a table are not seen here. */
function pathsOf(service) {
  const controllers = filesUnder([`libs/${service}/src`], (file) => file.endsWith('.controller.ts'));
  return controllers.flatMap((file) => {
    let base = '';
    const paths = [];
    for (const [, name, path = ''] of readFileSync(at(file), 'utf8').matchAll(DECORATOR)) {
      if (name === 'Controller') base = path;
      else paths.push(`/${[base, path].filter(Boolean).join('/')}`.replace(/:\w+/g, 'x'));
    }
    return paths;
  });
}

/** The proxy's named path lists, in the order in which they are tried. */
function proxyRoutes() {
  const text = readFileSync(at('docker', 'Caddyfile'), 'utf8');
  return [...text.matchAll(/^\s*@(\w+) path (.+)$/gm)].map(([, service, list]) => {
    const patterns = list.trim().split(/\s+/);
    const expressions = patterns.map((pattern) => new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/\*/g, '.*')}$`));
    return { service, matches: (path) => expressions.some((expression) => expression.test(path)) };
  });
}

/** Each path that the proxy would send elsewhere. What no list names goes to the directory service. */
export function routeProblems() {
  const routes = proxyRoutes();
  return SERVICES.flatMap((service) =>
    pathsOf(service)
      .map((path) => ({ path, to: routes.find((route) => route.matches(path))?.service ?? 'directory' }))
      .filter(({ to }) => to !== service)
      .map(({ path, to }) => `docker/Caddyfile sends ${path} of ${service} to ${to}`),
  );
}
