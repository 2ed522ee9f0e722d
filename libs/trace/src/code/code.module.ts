import { Module } from '@nestjs/common';
import { CodesMakeHandler } from './codes.make.handler.js';

/** Codes: keys, batches, activation, labels. */
@Module({ providers: [CodesMakeHandler] })
export class CodeModule {}
