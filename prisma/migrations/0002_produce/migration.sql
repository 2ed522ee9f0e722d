-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "trace";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "upflow";

-- CreateTable
CREATE TABLE "trace"."product" (
    "product_id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "gtin" TEXT,
    "name" TEXT NOT NULL,
    "category_code" TEXT NOT NULL,
    "producer_name" TEXT NOT NULL,
    "producer_kind" TEXT NOT NULL,
    "village_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_pkey" PRIMARY KEY ("product_id")
);

-- CreateTable
CREATE TABLE "upflow"."producer" (
    "id" UUID NOT NULL,
    "county_code" TEXT NOT NULL,
    "village_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "full_name" BYTEA,
    "poverty_alleviated" BOOLEAN NOT NULL,
    "contact_name" BYTEA,
    "contact_phone" BYTEA,
    "phone_tail" TEXT,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "producer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upflow"."product" (
    "id" UUID NOT NULL,
    "producer_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "category_code" TEXT NOT NULL,
    "gtin" TEXT,
    "version" INTEGER NOT NULL,
    "created_by" UUID NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "product_gtin_idx" ON "trace"."product"("gtin");

-- CreateIndex
CREATE INDEX "producer_village_id_idx" ON "upflow"."producer"("village_id");

-- CreateIndex
CREATE UNIQUE INDEX "product_gtin_key" ON "upflow"."product"("gtin");

-- CreateIndex
CREATE INDEX "product_producer_id_idx" ON "upflow"."product"("producer_id");

-- AddForeignKey
ALTER TABLE "upflow"."product" ADD CONSTRAINT "product_producer_id_fkey" FOREIGN KEY ("producer_id") REFERENCES "upflow"."producer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
