/** The demo's users as principals: the loaders act in their names. */
import { RIGHTS_OF } from '#contracts';
import type { DirectorySnapshot } from '#directory';
import type { Principal } from '#platform';
import { COUNTY_CENTRE, DEMO_COUNTY_CODE, townCentre, type DemoCounty, type DemoUser } from './county.model.js';
import { idOf } from './identity.source.js';

/** Who scans at which station, as the services know them. */
export class Reporters {
  private readonly byName = new Map<string, Principal>();
  private readonly byStation = new Map<string, Principal>();

  constructor(
    county: DemoCounty,
    private readonly snapshot: DirectorySnapshot,
  ) {
    for (const user of county.users) {
      const stations =
        user.username === 'county' ? [COUNTY_CENTRE] : user.role === 'town' ? [townCentre(user.unitCode)] : user.stationCodes;
      const principal = this.principalOf(user);
      this.byName.set(user.username, principal);
      for (const station of stations) this.byStation.set(station, principal);
    }
  }

  /** Who scans at the station. */
  of(stationCode: string): Principal {
    const reporter = this.byStation.get(stationCode);
    if (!reporter) throw new Error(`Nobody scans at ${stationCode}`);
    return reporter;
  }

  /** The user with this name. */
  named(username: string): Principal {
    const person = this.byName.get(username);
    if (!person) throw new Error(`No user ${username}`);
    return person;
  }

  private principalOf({ username, role, unitCode, stationCodes }: DemoUser): Principal {
    const unit = this.snapshot.unitByCode(unitCode);
    if (!unit) throw new Error(`No unit ${unitCode}`);
    return {
      id: idOf('user', username),
      kind: 'user',
      username,
      role,
      unitId: unit.id,
      unitCode: unit.code,
      countyCode: DEMO_COUNTY_CODE,
      rights: RIGHTS_OF[role],
      stationIds: stationCodes.flatMap((code) => this.snapshot.stationByCode(code)?.id ?? []),
      producerIds: [],
    };
  }
}
