// Ways for a page to write, each to an address of its own, given as `url`.
(() => {
  const post = { method: "POST", body: "x" };
  const keep = { ...post, keepalive: true };
  const blob = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = (code) => new Promise((done) => {
    const started = new Worker(blob(code));
    started.onmessage = done;
    started.onerror = done;
  });
  const frame = (attributes) => new Promise((done) => {
    const made = Object.assign(document.createElement("iframe"), attributes);
    made.onload = () => done(made);
    document.body.append(made);
  });
  const form = (url, attributes = {}, home = document) => {
    const made = Object.assign(home.createElement("form"), { method: "post", action: url });
    Object.assign(made, attributes);
    made.innerHTML = "<input name=a value=b>";
    home.body.append(made);
    return made;
  };
  const xhr = (url, async) => {
    const request = new XMLHttpRequest();
    request.open("POST", url, async);
    request.send("x");
  };
  const parts = () => {
    const data = new FormData();
    data.append("a", "b");
    return data;
  };
  const connect = async (server) => {
    const connection = new RTCPeerConnection({ iceServers: [server] });
    connection.createDataChannel("x");
    await connection.setLocalDescription(await connection.createOffer());
  };
  const said = `{method: "POST", body: "x"}`;

  const atOnce = {
    "fetch": (url) => fetch(url, post),
    "fetch-put": (url) => fetch(url, { ...post, method: "PUT" }),
    "fetch-patch": (url) => fetch(url, { ...post, method: "PATCH" }),
    "fetch-delete": (url) => fetch(url, { method: "DELETE" }),
    "fetch-own-method": (url) => fetch(url, { ...post, method: "WRITE" }),
    "fetch-keepalive": (url) => fetch(url, keep),
    "fetch-no-cors": (url) => fetch(url, { ...post, mode: "no-cors" }),
    "fetch-multipart": (url) => fetch(url, { method: "POST", body: parts() }),
    "override-header": (url) => fetch(url, { headers: { "X-HTTP-Method-Override": "POST" } }),
    "redirect-307": () => fetch("/redirect", post),
    "xhr": (url) => xhr(url, true),
    "xhr-sync": (url) => xhr(url, false),
    "beacon": (url) => navigator.sendBeacon(url, "x"),
    "fetch-later": (url) => fetchLater(url, { ...post, activateAfter: 0 }),
    "form": (url) => form(url).submit(),
    "form-multipart": (url) => form(url, { enctype: "multipart/form-data" }).submit(),
    "form-text": (url) => form(url, { enctype: "text/plain" }).requestSubmit(),
    "form-popup": (url) => form(url, { target: "_blank" }).submit(),
    "form-in-frame": async (url) => {
      await frame({ name: "inner" });
      form(url, { target: "inner" }).submit();
    },
    "popup-fetch": (url) => window.open("about:blank").fetch(url, post),
    "ping": (url) => Object.assign(document.createElement("a"), { href: "#x", ping: url }).click(),
    "frame-fetch": async (url) => (await frame({ srcdoc: "" })).contentWindow.fetch(url, post),
    "frame-removed": async (url) => {
      const made = await frame({ srcdoc: "" });
      made.contentWindow.fetch(url, keep);
      made.remove();
    },
    "frame-form": async (url) => {
      form(url, {}, (await frame({ srcdoc: "<body>" })).contentDocument).submit();
    },
    "worker": (url) => worker(`fetch("${url}", ${said}).finally(() => postMessage(1))`),
    "worker-xhr": (url) => worker(
      `const x = new XMLHttpRequest(); x.open("POST", "${url}", false); x.send("x");`
    ),
    "worker-in-worker": (url) => worker(
      `new Worker("${location.origin}/worker.js?${url}"); postMessage(1)`
    ),
    "module-worker": (url) => new Worker(`/worker.js?${url}`, { type: "module" }),
    "shared-worker": (url) => new SharedWorker(`/worker.js?${url}`),
    "service-worker": (url) => navigator.serviceWorker.register(`/service.js?${url}`),
    "websocket": (url) => new WebSocket(url.replace("http", "ws")),
    "websocket-stream": (url) => new WebSocketStream(url.replace("http", "ws")),
    "webtransport": (url) => new WebTransport(url.replace("http:", "https:")),
    "webrtc-stun": () => connect({ urls: `stun:${location.host}` }),
    "webrtc-turn": () => connect({
      urls: `turn:${location.host}?transport=tcp`, username: "u", credential: "p",
    }),
    "csp-report": () => frame({ src: "/reporting" }),
    "prerendered-page": (url) => {
      const script = Object.assign(document.createElement("script"), { type: "speculationrules" });
      script.textContent = JSON.stringify({ prerender: [{ urls: [`/writing?${url}`] }] });
      document.head.append(script);
    },
    "event-source": (url) => new EventSource(url),
  };

  const closing = {
    "closing-beacon": (url) => { onpagehide = () => navigator.sendBeacon(url, "x"); },
    "closing-keepalive": (url) => { onpagehide = () => fetch(url, keep); },
    "closing-unload": (url) => { onunload = () => fetch(url, post); },
    "closing-hidden": (url) => {
      document.onvisibilitychange = () => navigator.sendBeacon(url, "x");
    },
    "closing-fetch-later": (url) => fetchLater(url, post),
    "closing-worker": (url) => worker(
      `setInterval(() => fetch("${url}", ${said}).catch(() => 0), 0); postMessage(1)`
    ),
  };
  return { atOnce, closing };
})()
