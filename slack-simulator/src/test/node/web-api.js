// Calls through @slack/web-api, each told with what the SDK made of the answer.
'use strict';

const { WebClient, WebClientEvent } = require('@slack/web-api');
const { slack, tell } = require('./program');

const options = { slackApiUrl: slack.apiUrl };
const web = new WebClient(slack.botToken, options);
web.on(WebClientEvent.RATE_LIMITED, (seconds, details) => tell('rate_limited', { seconds, url: details.url }));

const failure = async (call) => {
  try {
    return { answer: await call };
  } catch (error) {
    const { name, code, message, data, retryAfter } = error;
    return { name, code, message, data, retryAfter };
  }
};

const run = async () => {
  tell('auth', await web.auth.test());

  const names = [];
  const sizes = [];
  for await (const page of web.paginate('conversations.list', { limit: 2, types: 'public_channel' })) {
    sizes.push(page.channels.length);
    names.push(...page.channels.map((channel) => channel.name));
  }
  tell('pages', { names, sizes });

  const posted = await web.chat.postMessage({
    channel: '#general',
    text: 'after the limit',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*after* the limit' } }],
    metadata: { event_type: 'proof', event_payload: { number: 1 } },
  });
  tell('posted', posted);
  await web.reactions.add({ channel: posted.channel, timestamp: posted.ts, name: 'tada' });
  await web.chat.postMessage({ channel: posted.channel, thread_ts: posted.ts, text: 'in the thread' });
  tell('replies', await web.conversations.replies({ channel: posted.channel, ts: posted.ts }));
  tell('history', await web.conversations.history({ channel: posted.channel, include_all_metadata: true }));

  tell('no_channel', await failure(web.chat.postMessage({ channel: 'nowhere', text: 'lost' })));
  tell('no_scope', await failure(web.users.list()));
  tell('no_token', await failure(new WebClient('xoxb-of-nobody', options).auth.test()));
  const impatient = new WebClient(slack.botToken, { ...options, rejectRateLimitedCalls: true });
  tell('rejected', await failure(impatient.bookmarks.list({ channel_id: posted.channel })));

  const uploaded = await web.filesUploadV2({
    channel_id: posted.channel,
    initial_comment: 'the log',
    file_uploads: [
      { file: Buffer.from('first line\n'), filename: 'one.txt', title: 'One' },
      { content: 'second line\n', filename: 'two.txt' },
    ],
  });
  const files = uploaded.files.flatMap((each) => each.files);
  const headers = { Authorization: `Bearer ${slack.botToken}` };
  const contents = await Promise.all(files.map(async (file) => (await fetch(file.url_private, { headers })).text()));
  tell('uploaded', { titles: files.map((file) => file.title), contents });
};

run().then(
  () => tell('done'),
  (error) => tell('broken', { message: String(error.stack) }),
);
