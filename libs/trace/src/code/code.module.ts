import { Module } from '@nestjs/common';
import { CodeKeys } from './code.keys.js';
import { CodesMakeHandler } from './codes.make.handler.js';

/** Codes: keys, batches, activation, labels. */
@Module({ providers: [CodeKeys, CodesMakeHandler], exports: [CodeKeys] })
export class CodeModule {}
