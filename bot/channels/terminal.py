"""Chat in a terminal: words to the session, replies to the screen, and a few commands beside."""

import getpass
import sys
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.app import session_on_disk
from bot.channels import explain
from bot.channels.screen import FullScreen, PlainScreen, Screen, history_in
from bot.config import clock, data_folder, database_path
from bot.dialogue.turn import Handoff, Turn
from bot.errors import TuidanError
from bot.messages import Update
from bot.orders.demo import demo_orders
from bot.session import Session

CHANNEL = "terminal"
WELCOME = """**退单**：取消、退票、退款的问题，按有出处的规则算给你看。
可以这样问：
· 我在微信上买的火车票想取消送票
· 电影票还有三个小时开场，能退吗
· 退款都五天了还没到账
直接打字就行；选项可以打数字。/help 看命令。"""
HELP = {
    "/help": "看这些命令",
    "/new": "开始新的对话",
    "/why": "上一个回答是怎么来的：意图、已知信息、规则、出处",
    "/orders": "看试用订单；/orders demo 装入它们",
    "/record": "把这次对话写成测试用例；/record 文件名",
    "/quit": "离开（Ctrl-D 也行），下次接着聊",
}


class TerminalChat:
    """One person at one screen."""

    def __init__(
        self, session: Session, screen: Screen, person: str, now: Callable[[], datetime] = clock
    ) -> None:
        self._session, self._screen, self._person, self._now = session, screen, person, now
        self._conversation = ""
        self._choices: list[str] = []
        self._commands: dict[str, Callable[[str], None]] = {
            "/help": self._help,
            "/new": self._new,
            "/why": self._why,
            "/orders": self._orders,
            "/record": self._record,
        }

    def run(self) -> None:
        """Talk until the person leaves or the input ends."""
        self._begin()
        while (line := self._screen.ask()) is not None:
            words = line.strip()
            if not words:
                continue
            if words in {"/quit", "/exit"}:
                break
            if words.startswith("/"):
                self._command(words)
            else:
                self._say(words)
        self._screen.note("再见，对话已保存，下次接着聊。")

    def _begin(self) -> None:
        last = self._session.store.latest(self._person, CHANNEL)
        if last is None:
            self._conversation = _fresh()
            self._screen.reply(WELCOME)
            self._offer_demo()
            return
        self._conversation = last.id
        self._refresh_demo()
        self._screen.note("接着上次的对话（/new 开始新的）")
        heard, replies = explain.last_exchange(self._session.store.events(last.id))
        if heard:
            self._screen.note(f"你：{explain.shown(heard)}")
        self._show([(reply.text, list(reply.buttons)) for reply in replies])
        self._session.delivered(last.id)

    def _say(self, words: str) -> None:
        if words.isdecimal() and 1 <= int(words[:4]) <= len(self._choices):
            words = self._choices[int(words[:4]) - 1]
        update = Update(uuid.uuid4().hex, self._conversation, self._person, CHANNEL, words, self._now())
        try:
            turn = self._session.handle(update)
        except TuidanError:
            raise
        except Exception as error:  # nothing of the turn was kept, and the person may try in other words
            at = traceback.extract_tb(error.__traceback__)[-1]
            self._screen.note(f"程序出错，这句没有记下：{type(error).__name__}（{at.filename}:{at.lineno}）")
            return
        if turn is None:
            raise AssertionError("this channel's update ids are its own")
        self._answer(turn)
        self._session.delivered(self._conversation)

    def _answer(self, turn: Turn) -> None:
        self._show([(reply.text, list(reply.buttons)) for reply in turn.replies])
        if turn.handoff:
            self._hand_over(turn.handoff)

    def _show(self, replies: list[tuple[str, list[str]]]) -> None:
        self._choices = []
        for text, buttons in replies:
            self._screen.reply(text, buttons, len(self._choices) + 1)
            self._choices += buttons

    def _hand_over(self, handoff: Handoff) -> None:
        self._screen.note("这里会由人工客服接手。客服会看到这张卡片：")
        self._screen.panel("转人工", explain.card_lines(handoff))

    def _command(self, words: str) -> None:
        name, _, rest = words.partition(" ")
        command = self._commands.get(name)
        if command is None:
            self._screen.note(f"没有 {name} 这个命令，/help 看有哪些")
        else:
            command(rest.strip())

    def _help(self, _: str) -> None:
        self._screen.panel("命令", [f"{name:<8} {what}" for name, what in HELP.items()])

    def _new(self, _: str) -> None:
        self._conversation, self._choices = _fresh(), []
        self._screen.note("新的对话")
        self._screen.reply(WELCOME)

    def _why(self, _: str) -> None:
        store = self._session.store
        lines = explain.why(store.conversation(self._conversation), store.events(self._conversation))
        self._screen.panel("为什么这样回答", lines)

    def _orders(self, rest: str) -> None:
        if rest == "demo":
            self._session.store.save_orders(demo_orders(self._now()))
        here = {order.order_id: order for order in self._session.store.orders()}
        demo = [order for order in demo_orders(self._now()) if order.order_id in here]
        lines = [f"{order.order_id}  尾号 {order.phone_tail}  {order.title}" for order in demo]
        if not demo:
            lines.append("还没有试用订单；/orders demo 装入六个")
        if len(here) > len(demo):
            lines.append(f"另有 {len(here) - len(demo)} 个导入的订单，报出订单号和手机尾号才能看")
        self._screen.panel("试用订单（时间从今天算起）", lines)

    def _record(self, rest: str) -> None:
        # Few talks are recorded.
        from bot.replay.record.recording import record  # noqa: PLC0415
        from bot.replay.record.writing import as_suite, write  # noqa: PLC0415

        if self._session.store.conversation(self._conversation) is None:
            self._screen.note("还没说过话，没有可以记录的")
            return
        file = Path(rest or f"{self._conversation}.yaml")
        try:
            found = record(self._session.store, self._conversation, self._session.mind.understand)
            write(as_suite(found), file)
        except TuidanError as error:
            self._screen.note(f"没有写成：{error}")
            return
        self._screen.note(f"已写入 {file.absolute()}，个人信息和订单号都换成了替身")

    def _offer_demo(self) -> None:
        if not self._screen.interactive:
            return
        self._screen.note("要装入六个试用订单吗？回车装入，n 不装")
        answer = self._screen.ask()
        if answer is not None and answer.strip().lower() in {"", "y", "yes", "要", "好"}:
            self._orders("demo")

    def _refresh_demo(self) -> None:
        """Yesterday's trains are tomorrow's again: the demo orders' times are told from today."""
        here = {order.order_id for order in self._session.store.orders()}
        self._session.store.save_orders(o for o in demo_orders(self._now()) if o.order_id in here)


def _fresh() -> str:
    return f"terminal-{uuid.uuid4().hex[:12]}"


def _person() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "local"


def main(database: Path | None = None) -> int:
    """Chat at this terminal; returns the exit code."""
    session = session_on_disk(database_path(database))
    try:
        TerminalChat(session, _screen(), _person()).run()
    finally:
        session.store.close()
    return 0


def _screen() -> Screen:
    if sys.stdin.isatty() and sys.stdout.isatty():
        return FullScreen(history_in(data_folder()))
    # A pipe may bring bytes that are no UTF-8; they are answered like any other senseless message.
    return PlainScreen(
        open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False),
        open(sys.stdout.fileno(), "w", encoding="utf-8", errors="replace", closefd=False),
    )
