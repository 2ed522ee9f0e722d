/**
 * Founds a county in an empty database: its unit with those above it, and the first administrator.
 *   npm run county -- 371425 齐河县 [username]        the password comes from ADMIN_PASSWORD
 * After that the administrator signs in and imports the village list.
 */
import { DirectoryReader, SYSTEM_ACTOR, UnitService, UserService } from '#directory';
import { dayOf } from '#contracts';
import { Clock, CONFIG, StartError, uuidv7, type Config } from '#platform';
import { runCommand } from './command.js';

const MIN_PASSWORD = 10;

await runCommand(async (app) => {
  const [code = '', name = '', username = 'admin'] = process.argv.slice(2);
  const password = app.get<Config>(CONFIG).ADMIN_PASSWORD ?? '';
  if (!/^\d{6}$/.test(code) || !name) throw new StartError('Usage: npm run county -- <six-digit code> <name> [username]');
  if (password.length < MIN_PASSWORD)
    throw new StartError(`ADMIN_PASSWORD: set a password of ${MIN_PASSWORD} characters or more`);
  const snapshot = await app.get(DirectoryReader, { strict: false }).snapshot();
  const today = dayOf(app.get(Clock).now());
  const chain = [
    { code: code.slice(0, 2), name: code.slice(0, 2) },
    { code: code.slice(0, 4), name: code.slice(0, 4) },
    { code, name },
  ].filter((unit) => !snapshot.unitByCode(unit.code));
  await app.get(UnitService, { strict: false }).createMany(
    SYSTEM_ACTOR,
    chain.map((unit) => ({ id: uuidv7(), validFrom: `${today.slice(0, 4)}-01-01`, ...unit })),
  );
  await app
    .get(UserService, { strict: false })
    .createMany(SYSTEM_ACTOR, [{ id: uuidv7(), username, password, role: 'admin', unitCode: code }]);
  process.stdout.write(`County ${code} ${name} is ready: sign in as ${username} and import the village list.\n`);
  return true;
});
