-- What left a lot, kept beside its stock: the mass balance compares it with what came in.
ALTER TABLE "upflow"."lot" ADD COLUMN     "left_g" BIGINT NOT NULL DEFAULT 0;
