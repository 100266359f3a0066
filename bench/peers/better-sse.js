// express with better-sse: one channel a topic. `PORT=… node better-sse.js`.
import { createChannel, createSession } from "better-sse";
import express from "express";

const channels = new Map();

function channel(topic) {
  if (!channels.has(topic)) channels.set(topic, createChannel());
  return channels.get(topic);
}

const app = express();

app.get("/sub/:topic", async (request, response) => {
  channel(request.params.topic).register(await createSession(request, response));
});

app.post("/pub/:topic", express.text({ type: "*/*" }), (request, response) => {
  channel(request.params.topic).broadcast(request.body, "change");
  response.sendStatus(204);
});

app.listen(Number(process.env.PORT), "127.0.0.1");
