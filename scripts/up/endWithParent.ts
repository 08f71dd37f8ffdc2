/** Loaded into every part before its own code: a part ends when whoever started it is gone, however that came about. */

const GRACE_MILLISECONDS = 5000;

process.once("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.kill(process.pid, "SIGKILL"), GRACE_MILLISECONDS).unref();
});
// The channel to the parent must not keep a part running that has done its work.
process.channel?.unref();
