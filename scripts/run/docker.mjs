/** What can be said about docker/ where no container can run: the files parse, follow good practice and agree with the repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { routeProblems } from './routes.mjs';
import { at } from './workspace.mjs';

/** Problems of one Dockerfile, each with its line. */
async function dockerfileProblems(file) {
  const { validate } = await import('dockerfile-utils');
  const content = readFileSync(at(file), 'utf8');
  const problems = validate(content).map((found) => `${file}:${found.range.start.line + 1} ${found.message}`);
  const lines = content.split('\n').map((line) => line.trim());
  const last = lines.map((line) => line.startsWith('FROM ')).lastIndexOf(true);
  const final = lines.slice(last);
  if (!final.some((line) => /^USER (?!root|0\b)/.test(line))) problems.push(`${file}: the final image runs as root`);
  for (const line of lines.filter((text) => text.startsWith('FROM '))) {
    if (!/^FROM [\w./-]+(:[\w.-]+)?( AS \w+)?$/.test(line) || /:latest/.test(line))
      problems.push(`${file}: "${line}" names no fixed version`);
  }
  for (const line of lines.filter((text) => text.startsWith('COPY ') && !text.includes('--from='))) {
    for (const source of line
      .replace(/--\S+ /g, '')
      .split(/\s+/)
      .slice(1, -1)) {
      if (!/[*]/.test(source) && !existsSync(at(source))) problems.push(`${file}: COPY of ${source}, which does not exist`);
    }
  }
  return problems;
}

/** The ports, health checks, dependencies and mounted files of one compose file. */
async function composeProblems(file) {
  const { load, YAML11_SCHEMA } = await import('js-yaml');
  const problems = [];
  const { services = {}, volumes = {} } = load(readFileSync(at(file), 'utf8'), { schema: YAML11_SCHEMA });
  const names = Object.keys(services);
  if (names.length === 0) problems.push(`${file}: no services`);
  for (const [name, service] of Object.entries(services)) {
    const say = (text) => problems.push(`${file}: ${name} ${text}`);
    if (!service.image && !service.build) say('has neither image nor build');
    if (service.image && !/:[\w.-]+$/.test(service.image)) say(`uses ${service.image} without a version`);
    if (!service.healthcheck && service.restart !== 'no') say('has no health check');
    for (const needed of Object.keys(service.depends_on ?? {})) if (!names.includes(needed)) say(`depends on unknown ${needed}`);
    for (const mount of service.volumes ?? []) {
      const source = String(mount).split(':')[0];
      if (source.startsWith('.') ? !existsSync(at('docker', source)) : !(source in volumes)) say(`mounts unknown ${source}`);
    }
    const main = [service.command ?? []].flat().find((part) => /^dist\/apps\//.test(part));
    const app = main?.split('/')[2];
    if (app && !existsSync(at('apps', app, 'src', 'main.ts'))) say(`starts ${main}, which is not built from any app`);
  }
  return problems;
}

/** Every problem found in docker/, as lines for a person. */
export async function dockerProblems() {
  const files = readdirSync(at('docker'));
  const results = await Promise.all(
    files.map((file) => {
      if (/^Dockerfile(?!.*ignore$)/.test(file)) return dockerfileProblems(`docker/${file}`);
      return /^compose.*\.ya?ml$/.test(file) ? composeProblems(`docker/${file}`) : [];
    }),
  );
  return [...results.flat(), ...routeProblems()];
}
