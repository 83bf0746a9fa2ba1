// @slack/socket-mode alone: tells what its connections do, and acknowledges what comes over them.
'use strict';

const { SocketModeClient } = require('@slack/socket-mode');
const { slack, tell } = require('./program');

const client = new SocketModeClient({ appToken: slack.appToken, clientOptions: { slackApiUrl: slack.apiUrl } });

for (const state of ['authenticated', 'connected', 'reconnecting', 'disconnected', 'close']) {
  client.on(state, () => tell(state));
}
client.on('ws_message', (data) => {
  const { type, reason, num_connections } = JSON.parse(data);
  tell('frame', { type, reason, num_connections });
});
client.on('message', async ({ event, ack, retry_num, retry_reason }) => {
  await ack();
  tell('message', { text: event.text, retry: retry_num, reason: retry_reason });
});
client.on('slash_commands', async ({ body, ack }) => ack({ text: `took ${body.command} ${body.text}` }));

client.start().then(
  () => tell('started'),
  (error) => tell('refused', { message: error.message, code: error.code }),
);
