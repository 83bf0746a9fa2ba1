// A bot on @slack/bolt, as its documentation writes one; node bolt.js socket|http|express.
'use strict';

const { App, ExpressReceiver, HTTPReceiver } = require('@slack/bolt');
const { slack, tell } = require('./program');

const intake = process.argv[2];
const receivers = { http: HTTPReceiver, express: ExpressReceiver };
const receiver = receivers[intake] && new receivers[intake]({ signingSecret: slack.signingSecret });
const app = new App({
  token: slack.botToken,
  clientOptions: { slackApiUrl: slack.apiUrl },
  ...(receiver ? { receiver } : { socketMode: true, appToken: slack.appToken }),
});

app.event('app_mention', async ({ event, say }) => {
  await say({ text: `Hello <@${event.user}>`, thread_ts: event.ts });
});

app.message('approve', async ({ say }) => {
  const button = { type: 'button', action_id: 'approve', value: '1.4.2', text: { type: 'plain_text', text: 'Approve' } };
  await say({ text: 'Approve?', blocks: [{ type: 'actions', block_id: 'decision', elements: [button] }] });
});

app.action('approve', async ({ ack, action, body, respond }) => {
  await ack();
  await respond({ replace_original: true, text: `${action.value} approved by <@${body.user.id}>` });
});

app.command('/echo', async ({ ack, command }) => ack(`echo ${command.text}`));

app.command('/deploy', async ({ ack, body, client }) => {
  await ack();
  const opened = await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: 'modal',
      callback_id: 'deploy',
      private_metadata: body.channel_id,
      title: { type: 'plain_text', text: 'Deploy' },
      submit: { type: 'plain_text', text: 'Go' },
      blocks: [
        {
          type: 'input',
          block_id: 'what',
          label: { type: 'plain_text', text: 'Version' },
          element: { type: 'plain_text_input', action_id: 'version' },
        },
        {
          type: 'input',
          block_id: 'where',
          optional: true,
          label: { type: 'plain_text', text: 'Service' },
          element: { type: 'external_select', action_id: 'service', min_query_length: 1 },
        },
      ],
    },
  });
  tell('opened', { id: opened.view.id });
});

app.options('service', async ({ ack, options }) => {
  await ack({ options: [{ text: { type: 'plain_text', text: `service ${options.value}` }, value: options.value }] });
});

app.view('deploy', async ({ ack, view, body, client }) => {
  const version = view.state.values.what.version.value;
  const service = view.state.values.where.service.selected_option?.value;
  if (!/^\d/.test(version)) {
    await ack({ response_action: 'errors', errors: { what: 'A version begins with a digit' } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: view.private_metadata, text: `<@${body.user.id}> deploys ${version} of ${service}` });
});

app.error(async (error) => tell('error', { message: error.message }));

app.start(receiver ? { port: 0, host: '127.0.0.1' } : undefined).then((server) => {
  tell('ready', { port: receiver ? server.address().port : 0 });
});
