/**
 * What stands around `pdfjs-dist` in a worker: its two halves are loaded one
 * before and one after this.
 *
 * @module
 */

import * as reading from "pdfjs-dist/legacy/build/pdf.worker.mjs";

const scope = self as unknown as Record<string, unknown>;
// The half that reads would take this worker for its own, were it not for `process`.
scope.pdfjsWorker = reading;
// The half that draws would load native code, were it not for the lack of `process`. Where there
// still is one it fails for want of permission, and complains.
delete scope.process;
scope.DOMMatrix ??= class {};
// The built-in one inflates gigabytes before anybody can look at the clock.
delete scope.DecompressionStream;
console.log = console.warn = () => {};
