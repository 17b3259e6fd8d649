// An embedder without any library: gRPC by hand on Node's own HTTP/2. The vector of a text is its
// length in bytes, followed by zeros.
//
// NODE_EMBEDDER_IDLE and NODE_EMBEDDER_AGE are the longest idle time and the greatest age of a
// connection, in milliseconds.
import fs from "node:fs";
import http2 from "node:http2";
import path from "node:path";

const idle = Number(process.env.NODE_EMBEDDER_IDLE ?? 0);
const age = Number(process.env.NODE_EMBEDDER_AGE ?? 0);
const [INTERNAL, UNIMPLEMENTED] = [13, 12];
let dimension = 4;

// The part of Protocol Buffers that an embedder's messages need.

function varint(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return Buffer.from([...bytes, number]);
}

/** A field of length-delimited bytes. */
function field(number, content) {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A field that is a number. */
function scalar(number, value) {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

/** All fields of a message, in their order: [number, bytes or number]. */
function* fields(message) {
  let at = 0;
  function next() {
    let [number, factor] = [0, 1];
    for (; message[at] > 127; factor *= 128) number += (message[at++] & 127) * factor;
    return number + message[at++] * factor;
  }
  while (at < message.length) {
    const tag = next();
    if (tag % 8 === 0) {
      yield [Math.floor(tag / 8), next()];
    } else if (tag % 8 === 2) {
      const length = next();
      yield [Math.floor(tag / 8), message.subarray(at, (at += length))];
    } else {
      throw new Error(`wire type ${tag % 8}`);
    }
  }
}

function texts(message) {
  return Object.fromEntries([...fields(message)].map(([number, bytes]) => [number, `${bytes}`]));
}

// The methods: each turns a request's bytes into a response's bytes.

function initialize(request) {
  for (const [, entry] of fields(request)) {
    const { 1: name, 2: value } = texts(entry);
    if (name !== "dimension" || !(Number(value) > 0)) {
      return field(2, `'${name}' cannot be '${value}'`);
    }
    dimension = Number(value);
  }
  return scalar(1, 1);
}

function embed(request) {
  const { 1: text = "" } = texts(request);
  const vector = Buffer.alloc(4 * dimension);
  vector.writeFloatLE(Buffer.byteLength(text), 0);
  return field(1, vector);
}

const service = "/hector.plugin.EmbedderProvider";
const methods = {
  [`${service}/Initialize`]: initialize,
  [`${service}/Embed`]: embed,
  [`${service}/GetEmbedderInfo`]: () =>
    Buffer.concat([field(1, "length"), scalar(2, dimension)]),
  [`${service}/Health`]: () => scalar(1, 1),
  [`${service}/Shutdown`]: () => scalar(1, 1),
  [`${service}/GetStatus`]: () => field(1, "ready"),
  [`${service}/GetManifest`]: () =>
    Buffer.concat([field(1, "node-embedder"), field(2, "1.0.0"), field(5, "embedder_provider")]),
  "/grpc.health.v1.Health/Check": () => scalar(1, 1),
  "/plugin.GRPCController/Shutdown": () => {
    setImmediate(end);
    return Buffer.alloc(0);
  },
};

// gRPC over HTTP/2.

const server = http2.createServer();
const sessions = new Set();

server.on("session", (session) => {
  let calls = 0;
  let timer;
  function rest() {
    if (idle > 0) timer = setTimeout(() => session.close(), idle);
  }
  sessions.add(session);
  session.on("close", () => {
    clearTimeout(timer);
    sessions.delete(session);
  });
  // The client reports it.
  session.on("error", () => {});
  session.on("stream", (stream) => {
    clearTimeout(timer);
    calls += 1;
    stream.on("close", () => {
      calls -= 1;
      if (calls === 0 && !session.closed) rest();
    });
  });
  rest();
  if (age > 0) setTimeout(() => session.close(), age).unref();
});

server.on("stream", (stream, headers) => {
  stream.on("error", () => {});
  const chunks = [];
  stream.on("data", (chunk) => chunks.push(chunk));
  stream.on("end", () => answer(stream, headers[":path"], Buffer.concat(chunks)));
});

function answer(stream, method, frame) {
  // The call was cancelled.
  if (stream.destroyed || stream.aborted) return;
  const start = { ":status": 200, "content-type": "application/grpc" };
  function fail(status, message) {
    stream.respond(
      { ...start, "grpc-status": status, "grpc-message": encodeURIComponent(message) },
      { endStream: true });
  }
  if (!methods[method]) return fail(UNIMPLEMENTED, `no method ${method}`);
  let response;
  try {
    if (frame[0] !== 0 || frame.readUInt32BE(1) !== frame.length - 5) throw new Error("bad frame");
    response = methods[method](frame.subarray(5));
  } catch (error) {
    return fail(INTERNAL, error.message);
  }
  stream.respond(start, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": 0 }));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(response.length, 1);
  stream.end(Buffer.concat([prefix, response]));
}

// go-plugin's handshake, and the end.

function end() {
  server.close(() => process.exit(0));
  for (const session of sessions) session.close();
}

if (process.env.HECTOR_PLUGIN !== "hector_plugin_v1") {
  console.error("This binary is a plugin. These are not meant to be executed directly.");
  process.exit(1);
}
process.on("SIGINT", () => {});
process.on("SIGTERM", end);
const folder = process.env.PLUGIN_UNIX_SOCKET_DIR ?? process.env.TMPDIR ?? "/tmp";
const socket = path.join(folder, `plugin${process.pid}`);
process.on("exit", () => fs.rmSync(socket, { force: true }));
server.listen(socket, () => console.log(`1|1|unix|${socket}|grpc`));
