/** A QR code drawn as squares: sharp at any size. */

import { create } from "qrcode";
import { COLOURS, type Sheet } from "./sheet.ts";

/** Draws the code of a URL. */
export function drawQrCode(
  { doc, root }: Sheet,
  url: string,
  alt: string,
  at: { x: number; y: number; size: number },
): void {
  const { modules } = create(url, { errorCorrectionLevel: "M" });
  const unit = at.size / modules.size;
  root.add(
    doc.struct("Figure", { alt, bbox: [at.x, at.y, at.x + at.size, at.y + at.size] }, () => {
      doc.fillColor(COLOURS.text);
      for (let row = 0; row < modules.size; row++) {
        for (let column = 0; column < modules.size; column++) {
          if (modules.get(row, column) !== 0) doc.rect(at.x + column * unit, at.y + row * unit, unit, unit);
        }
      }
      doc.fill();
    }),
  );
}
