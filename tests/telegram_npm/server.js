'use strict';

// Starts telegram-test-api on a free port of the loopback and prints {"url"}. Each line that
// comes in, {"text"}, {"command"} or {"data"}, is something that the user does; each message of
// the bot goes out as a line, {"message"}. Ends when its input does.

const net = require('node:net');
const readline = require('node:readline');
const TelegramServer = require('telegram-test-api');

const token = process.argv[2];
const write = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function main() {
  const telegram = new TelegramServer({ port: await freePort(), host: '127.0.0.1' });
  await telegram.start();
  const user = telegram.getClient(token, { userId: 42, chatId: 42 });
  telegram.on('AddedBotMessage', () => {
    const { message } = telegram.storage.botMessages[telegram.storage.botMessages.length - 1];
    write({ message });
  });
  write({ url: telegram.config.apiURL });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { text, command, data } = JSON.parse(line);
    if (text) await user.sendMessage(user.makeMessage(text));
    if (command) await user.sendCommand(user.makeCommand(command));
    if (data) await user.sendCallback(user.makeCallbackQuery(data));
  }
  process.exit(0);
}

main();
