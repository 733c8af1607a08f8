/**
 * `@std/crypto/aes-gcm` for machines that cannot reach JSR: the same two
 * functions with the same wire format, on WebCrypto.
 *
 * Wire format: nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes).
 * Random 96-bit nonces allow about 2^32 messages per key (NIST SP 800-38D §8.3).
 *
 * @module
 */

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Options shared by {@linkcode encryptAesGcm} and {@linkcode decryptAesGcm}. */
export interface AesGcmOptions {
  /** Authenticated together with the plaintext, but not stored. */
  additionalData?: BufferSource;
}

/** Encrypts under a fresh random nonce. */
export async function encryptAesGcm(
  key: CryptoKey,
  plaintext: BufferSource,
  options: AesGcmOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(parameters(nonce, options), key, plaintext);
  const box = new Uint8Array(NONCE_BYTES + sealed.byteLength);
  box.set(nonce);
  box.set(new Uint8Array(sealed), NONCE_BYTES);
  return box;
}

/**
 * Decrypts what {@linkcode encryptAesGcm} made.
 *
 * @throws {RangeError} when `data` is too short to hold a nonce and a tag.
 * @throws {DOMException} when the key, the data or the additional data do not match.
 */
export async function decryptAesGcm(
  key: CryptoKey,
  data: BufferSource,
  options: AesGcmOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const box = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  if (box.byteLength < NONCE_BYTES + TAG_BYTES) {
    throw new RangeError(
      `Cannot decrypt: expected at least ${NONCE_BYTES + TAG_BYTES} bytes, got ${box.byteLength}`,
    );
  }
  const algorithm = parameters(box.slice(0, NONCE_BYTES), options);
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, box.slice(NONCE_BYTES)));
}

function parameters(iv: BufferSource, { additionalData }: AesGcmOptions): AesGcmParams {
  const base = { name: "AES-GCM", iv, tagLength: TAG_BYTES * 8 };
  return additionalData === undefined ? base : { ...base, additionalData };
}
