// The emulator `@vishtar/telegram-test-api`, with the routes that it lacks and a back door for the people.
//
// Its own: HTTP, storing and numbering of messages, updates and presses, commands, edits, deletion, webhooks on and off.
// Added: a bot that says it is one, offset and timeout of getUpdates, the webhook's secret and retries, edited
// messages, topics, members, files, and refusals (unknown chat, topic, press; blocked bot).

"use strict";
const http = require("http");
const TelegramServer = require("@vishtar/telegram-test-api");

const [port, token] = process.argv.slice(2);
let proxy = ""; // where a proxy in front of the bot passes on what is pushed to its https address
const bot = { id: Number(token.split(":")[0]), is_bot: true, first_name: "退单", username: "tuidan_test_bot" };
const users = { [bot.id]: bot };
const chats = {};
const presses = {};
const done = (res, result) => res.json({ ok: true, result });
const refused = (res, code, description) => res.status(code).json({ ok: false, error_code: code, description });
const bad = (res, what) => refused(res, 400, `Bad Request: ${what}`);

let version = 0;
let waiting = [];
const news = () => {
  version += 1;
  waiting.forEach((wake) => wake());
  waiting = [];
};
const until = (seconds) =>
  new Promise((wake) => {
    const timer = setTimeout(wake, seconds * 1000);
    waiting.push(() => (clearTimeout(timer), wake()));
  });

const chatJson = (chat) => ({
  id: chat.id,
  type: chat.type,
  ...(chat.type === "private" ? { first_name: chat.title } : { title: chat.title }),
  ...(chat.forum ? { is_forum: true } : {}),
});

// What the emulator stored of a message of the bot, as the API shows it.
const shown = (stored) => ({
  ...stored.message,
  message_id: stored.messageId,
  date: Math.floor(stored.time / 1000),
  from: bot,
  chat: chatJson(chats[stored.message.chat_id]),
  ...(stored.message.message_thread_id
    ? { message_thread_id: Number(stored.message.message_thread_id), is_topic_message: true }
    : {}),
});
const ofBot = (server, body) =>
  server.storage.botMessages.find(
    (m) => String(m.messageId) === String(body.message_id) && String(m.message.chat_id) === String(body.chat_id),
  );

// Whether a message of the bot would get through; else it is refused.
const mayWrite = (req, res) => {
  const chat = chats[req.body.chat_id];
  if (!chat) return bad(res, "chat not found"), false;
  if (chat.blocked) return refused(res, 403, "Forbidden: bot was blocked by the user"), false;
  const thread = req.body.message_thread_id;
  if (thread && !chat.topics[thread]) return bad(res, "message thread not found"), false;
  return true;
};

const added = (app, server) => {
  const on = (method, handler) => app.all(new RegExp(`^/bot[^/]+/${method}$`, "i"), handler);

  app.use((req, res, next) => {
    req.body = { ...req.query, ...req.body };
    // a form's nested fields are JSON texts: the emulator would show them back as they came
    for (const key of ["link_preview_options", "reply_parameters"]) {
      if (typeof req.body[key] === "string") req.body[key] = JSON.parse(req.body[key]);
    }
    const called = /^\/bot([^/]+)\//.exec(req.path);
    if (called && decodeURIComponent(called[1]) !== token) return refused(res, 401, "Unauthorized");
    if (called) res.on("finish", news);
    return next();
  });
  on("getMe", (_req, res) => done(res, { ...bot, can_join_groups: true, can_read_all_group_messages: true }));
  on("getUpdates", async (req, res) => {
    if (server.webhooks[token]) return refused(res, 409, "Conflict: can't use getUpdates while webhook is active");
    const { offset = 0, limit = 100, timeout = 0 } = req.body;
    const end = Date.now() + Number(timeout) * 1000;
    server.storage.userMessages.filter((u) => u.updateId < Number(offset)).forEach((u) => server.removeUserMessage(u.updateId));
    while (!server.storage.userMessages.length && Date.now() < end) await until((end - Date.now()) / 1000);
    return done(res, server.storage.userMessages.slice(0, Number(limit)).map(formatted));
  });
  on("sendMessage", (req, res, next) => {
    if (!mayWrite(req, res)) return undefined;
    return req.body.text ? next() : bad(res, "message text is empty");
  });
  for (const kind of ["photo", "document", "voice", "audio", "video", "sticker"]) {
    on(`send${kind}`, (req, res) => {
      if (!mayWrite(req, res)) return;
      const file = { file_id: req.body[kind], file_unique_id: req.body[kind], width: 9, height: 9, duration: 1 };
      const drawn = kind === "sticker" ? { type: "regular", is_animated: false, is_video: false } : {};
      const content = { [kind]: kind === "photo" ? [file] : { ...file, ...drawn } };
      server.addBotMessage({ ...req.body, ...content }, token);
      done(res, shown(server.storage.botMessages.at(-1)));
    });
  }
  on("copyMessage", (req, res) => {
    if (!mayWrite(req, res)) return undefined;
    const { chat_id, message_thread_id, from_chat_id, message_id } = req.body;
    const source = (chats[from_chat_id] || { messages: {} }).messages[message_id];
    if (!source) return bad(res, "message to copy not found");
    const { text, caption, photo, document, voice, sticker } = source;
    server.addBotMessage({ chat_id, message_thread_id, text, caption, photo, document, voice, sticker }, token);
    return done(res, { message_id: server.storage.botMessages.at(-1).messageId });
  });
  for (const [method, edit] of [["editMessageText", "editMessageText"], ["editMessageReplyMarkup", "editMessageReplyMarkup"]]) {
    on(method, (req, res) => {
      const stored = ofBot(server, req.body);
      if (!stored) return bad(res, "message to edit not found");
      const before = JSON.stringify([stored.message.text, stored.message.reply_markup]);
      if (!req.body.reply_markup) delete stored.message.reply_markup;
      server[edit](req.body);
      const after = JSON.stringify([stored.message.text, stored.message.reply_markup]);
      return before === after ? bad(res, "message is not modified") : done(res, shown(stored));
    });
  }
  on("deleteMessage", (req, res) => {
    const gone = server.deleteMessage(Number(req.body.chat_id), Number(req.body.message_id));
    return gone ? done(res, true) : bad(res, "message to delete not found");
  });
  on("answerCallbackQuery", (req, res) => {
    const press = req.body.callback_query_id;
    if (presses[press] !== null) return bad(res, "query is too old or query ID is invalid");
    presses[press] = { text: req.body.text || "" };
    return done(res, true);
  });
  on("setWebhook", (req, res) => {
    server.deleteWebhook(token);
    waiting.forEach((wake) => wake());
    done(res, true);
    if (req.body.url) {
      server.setWebhook(req.body, token);
      server.storage.userMessages.splice(0).forEach((update) => server.addUserUpdate(update));
    }
  });
  on("deleteWebhook", (_req, res) => (server.deleteWebhook(token), done(res, true)));
  on("getWebhookInfo", (_req, res) => {
    const url = (server.webhooks[token] || { url: "" }).url;
    done(res, { url, has_custom_certificate: false, pending_update_count: server.storage.userMessages.length });
  });
  on("getChat", (req, res) => {
    const chat = chats[req.body.chat_id];
    if (!chat) return bad(res, "chat not found");
    const gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"];
    const none = Object.fromEntries(gifts.map((gift) => [gift, false]));
    return done(res, { ...chatJson(chat), accent_color_id: 0, max_reaction_count: 11, accepted_gift_types: none });
  });
  on("getChatMember", (req, res) => {
    const chat = chats[req.body.chat_id];
    if (!chat) return bad(res, "chat not found");
    return done(res, member(chat, Number(req.body.user_id)));
  });
  on("getChatAdministrators", (req, res) => done(res, [member(chats[req.body.chat_id], bot.id)]));
  on("createForumTopic", (req, res) => {
    const chat = chats[req.body.chat_id];
    if (!chat || !chat.forum) return bad(res, "the chat is not a forum");
    const id = server.messageId++;
    chat.topics[id] = { name: req.body.name, closed: false };
    return done(res, { message_thread_id: id, name: req.body.name, icon_color: 7322096 });
  });
  const topic = (method, act) =>
    on(method, (req, res) => {
      const chat = chats[req.body.chat_id];
      const found = chat && chat.topics[req.body.message_thread_id];
      if (!found) return bad(res, "message thread not found");
      return act(found, req.body, chat) === false ? bad(res, "TOPIC_NOT_MODIFIED") : done(res, true);
    });
  topic("editForumTopic", (found, body) => body.name !== found.name && ((found.name = body.name), true));
  topic("closeForumTopic", (found) => !found.closed && (found.closed = true));
  topic("reopenForumTopic", (found) => found.closed && !(found.closed = false));
  topic("deleteForumTopic", (_found, body, chat) => delete chat.topics[body.message_thread_id]);
  on("(setMyCommands|deleteMyCommands|sendChatAction|pinChatMessage|setMessageReaction)", (_req, res) => done(res, true));

  app.post("/town/:act", async (req, res) => res.json((await town(server, req.params.act, req.body)) ?? null));
};

const member = (chat, user) => {
  const status = chat.members[user] || "left";
  const names = [
    ...["can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"],
    ...["can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"],
    ...["can_edit_stories", "can_delete_stories", "can_pin_messages", "can_manage_topics"],
  ];
  const rights = status === "administrator" ? Object.fromEntries(names.map((name) => [name, true])) : {};
  return { status, user: users[user], ...rights, ...(status === "kicked" ? { until_date: 0 } : {}) };
};

// The emulator's own form of an update, save for the kinds that it does not know.
const formatted = (update) => {
  if (update.other) return { update_id: update.updateId, ...update.other };
  const made = TelegramServer.formatUpdate(update);
  delete (made.message || {}).botToken;
  if (made.callback_query) made.callback_query.chat_instance = "1";
  return made;
};

// A webhook is given its secret, and an update once more until it takes it.
const pushing = (server) => {
  const poll = server.addUserUpdate.bind(server);
  server.addUserUpdate = async (update) => {
    const hook = server.webhooks[token];
    if (!hook) {
      await poll(update);
      news();
      return;
    }
    server.updateId += 1;
    while (server.webhooks[token] === hook && !(await pushed(hook, JSON.stringify(formatted(update))))) await until(0.2);
  };
};
const pushed = (hook, body) =>
  new Promise((ended) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    if (hook.secret_token) headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret_token;
    const url = proxy ? proxy + new URL(hook.url).pathname : hook.url;
    const request = http.request(url, { method: "POST", headers }, (answer) => {
      answer.resume();
      answer.on("end", () => ended(answer.statusCode < 300));
    });
    request.on("error", () => ended(false));
    request.end(body);
  });

// The people's side. Messages and presses go in by the emulator's own way.
const town = async (server, act, said) => {
  const chat = chats[said.chat];
  switch (act) {
    case "person":
      users[said.user] = { id: said.user, is_bot: false, first_name: said.name };
      chats[said.user] = { id: said.user, type: "private", title: said.name, topics: {}, members: {}, messages: {} };
      return null;
    case "group": {
      const type = said.forum ? "supergroup" : "group";
      const members = { [bot.id]: "administrator" };
      chats[said.chat] = { id: said.chat, type, title: said.title, forum: said.forum, topics: {}, members, messages: {} };
      return null;
    }
    case "member": {
      const old = member(chat, said.user);
      chat.members[said.user] = said.status;
      if (chat.type === "private") chat.blocked = said.status === "kicked";
      const changed = chat.type === "private" ? { user: bot } : {};
      const change = { chat: chatJson(chat), from: users[said.user], date: 1 };
      change.old_chat_member = { ...old, ...changed };
      change.new_chat_member = { ...member(chat, said.user), ...changed };
      const kind = chat.type === "private" ? "my_chat_member" : "chat_member";
      await server.addUserUpdate({ ...server.getCommonFields(token), other: { [kind]: change } });
      return null;
    }
    case "write": {
      const thread = said.thread ? { message_thread_id: said.thread, is_topic_message: true } : {};
      const about = { botToken: token, date: Math.floor(Date.now() / 1000), from: users[said.user], chat: chatJson(chat) };
      const message = { ...about, ...thread, ...said.content };
      const { botToken, ...kept } = { ...message, message_id: server.messageId };
      chat.messages[server.messageId] = kept;
      await (message.entities ? server.addUserCommand(message) : server.addUserMessage(message));
      return kept;
    }
    case "edit": {
      const message = Object.assign(chats[said.message.chat.id].messages[said.message.message_id], { text: said.text });
      message.edit_date = message.date;
      await server.addUserUpdate({ ...server.getCommonFields(token), other: { edited_message: message } });
      return message;
    }
    case "press": {
      const press = String(server.callbackId);
      presses[press] = null;
      await server.addUserCallback({ botToken: token, from: users[said.user], message: said.message, data: said.data });
      return press;
    }
    case "answer":
      return presses[said.press];
    case "sent":
      return server.storage.botMessages
        .map(shown)
        .filter((m) => m.chat.id === said.chat && (m.message_thread_id || null) === said.thread);
    case "topics":
      return Object.fromEntries(Object.entries(chat.topics).map(([id, { name }]) => [id, name]));
    case "close":
      if (said.delete) delete chat.topics[said.thread];
      else chat.topics[said.thread].closed = true;
      return null;
    case "proxy":
      proxy = said.url;
      return null;
    case "news":
      if (version === said.version) await until(said.seconds);
      return version;
    default:
      throw new Error(`no act ${act}`);
  }
};

const server = new TelegramServer({ port: Number(port), host: "127.0.0.1", storeTimeout: 86400 }, { routes: [added] });
pushing(server);
server.start().then(() => process.stdout.write("ready\n"));
