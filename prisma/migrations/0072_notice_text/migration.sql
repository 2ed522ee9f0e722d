-- The text of a notice is made when it is sent, from where its parcel lies then.
ALTER TABLE "logistics"."notice" DROP COLUMN "text";
