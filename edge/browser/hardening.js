// Removes the ways to write that a page's teardown lets past request interception.
(() => {
  for (const name of ["fetchLater", "SharedWorker", "WebTransport", "RTCPeerConnection",
                      "webkitRTCPeerConnection", "WebSocketStream"]) {
    try { delete globalThis[name]; } catch { /* not configurable here */ }
    if (name in globalThis) Object.defineProperty(globalThis, name, { value: undefined });
  }
  Object.defineProperty(Navigator.prototype, "sendBeacon", { value: () => false });
  const plainFetch = globalThis.fetch;
  const PlainRequest = globalThis.Request;
  globalThis.Request = new Proxy(PlainRequest, {
    construct: (target, [input, init]) => new target(input, { ...init, keepalive: false }),
  });
  globalThis.fetch = async (input, init) =>
    plainFetch(new PlainRequest(input, { ...init, keepalive: false }));
})();
