// What the programs beside this file share: they tell the test what happens as lines of JSON, and end with it.
'use strict';

exports.tell = (what, fields = {}) => process.stdout.write(`${JSON.stringify({ what, ...fields })}\n`);

exports.slack = {
  apiUrl: process.env.SLACK_API_URL,
  botToken: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  signingSecret: process.env.SLACK_SIGNING_SECRET,
};

process.stdin.resume().on('end', () => process.exit(0));
