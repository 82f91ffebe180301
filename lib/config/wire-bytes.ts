/**
 * What a promised size allows: the programme's MB as the relay's message_size_limit has them, 100 MB are 104857600 bytes.
 * @returns bytes of the whole message on the wire, base64 and line ends included
 */
export const wireBytes = (mb: number): number => mb * 1_048_576;
