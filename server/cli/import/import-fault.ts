/** A published file or recipe that an import cannot go on with. The message is for the operator. */
export class ImportFault extends Error {
  readonly code = 'IMPORT_FAULT';
}
