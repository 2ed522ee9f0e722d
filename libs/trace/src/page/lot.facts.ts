/** What a page tells of a lot, before it is put into words. */
import type { CERTIFICATION_KINDS, LOT_INPUT_KINDS, LOT_TEST_RESULTS, LotOrigin, ProducerKind } from '#contracts';
import type { OriginMap } from './origin.map.js';

export type CertificationKind = (typeof CERTIFICATION_KINDS)[number];

/** A product with the certifications that hold today. */
export interface ProductFacts {
  readonly id: string;
  readonly name: string;
  readonly categoryCode: string;
  readonly gtin: string | null;
  readonly spec: string | null;
  /** Masked for a household. */
  readonly producerName: string;
  readonly producerKind: ProducerKind;
  readonly certifications: readonly { readonly kind: CertificationKind; readonly number: string }[];
}

/** Parcels of a lot to one province: never a buyer, never a waybill. */
export interface ParcelsTo {
  readonly province: string | null;
  readonly packedAt: Date;
  /** Of the first one that was delivered. */
  readonly deliveredAt: Date | null;
}

/** A lot and everything else that its page shows. */
export interface LotFacts {
  readonly id: string;
  readonly countyCode: string;
  readonly revision: number;
  readonly lotNo: string;
  readonly origin: LotOrigin;
  readonly plotName: string | null;
  readonly harvestedOn: string | null;
  readonly createdAt: Date;
  /** County, town and village, as the directory has them. */
  readonly place: string;
  readonly countyName: string;
  readonly townName: string;
  readonly village: { readonly code: string; readonly name: string };
  readonly product: ProductFacts;
  readonly inputs: readonly {
    readonly kind: (typeof LOT_INPUT_KINDS)[number];
    readonly name: string;
    readonly appliedOn: string;
  }[];
  readonly tests: readonly {
    readonly item: string;
    readonly result: (typeof LOT_TEST_RESULTS)[number];
    readonly testedOn: string;
    readonly laboratory: string | null;
  }[];
  readonly certificate: { readonly number: string; readonly issuedOn: string; readonly issuedAt: Date } | null;
  readonly parcels: readonly ParcelsTo[];
  /** First time of each step of the parcels on their way through the county, by CBV's name of the step. */
  readonly ways: Readonly<Partial<Record<string, Date>>>;
  readonly map: OriginMap | null;
}
