// A picture as a phone sends it: at most 1600 px, JPEG, turned upright; and a small one to show again after a reload.
const SENT_PX = 1600;
const SMALL_PX = 360;

export async function shrink(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const blob = await new Promise((done) => canvas(bitmap, SENT_PX).toBlob(done, "image/jpeg", 0.85));
  return { blob, small: canvas(bitmap, SMALL_PX).toDataURL("image/jpeg", 0.7) };
}

function canvas(bitmap, most) {
  const scale = Math.min(1, most / Math.max(bitmap.width, bitmap.height));
  const made = document.createElement("canvas");
  made.width = Math.round(bitmap.width * scale);
  made.height = Math.round(bitmap.height * scale);
  made.getContext("2d").drawImage(bitmap, 0, 0, made.width, made.height);
  return made;
}
