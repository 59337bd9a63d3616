//! What can be wrong: each cause with its name in documents, its exit status, the fact and what to do about it.

use crate::exit::Kind;
use crate::lang::Lang;

/// Lists causes: the name in the program, the name in documents, the kind that decides the exit status, the fact and
/// the advice in English, both in Persian.
macro_rules! causes {
    ($($name:ident: $word:literal, $kind:ident; $fact:literal, $fix:literal; $persian_fact:literal, $persian_fix:literal;)+) => {
        /// Something that is wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(any(not(unix), target_os = "macos"), allow(dead_code, reason = "some are sought beside pcsc-lite alone"))]
        pub(super) enum Cause {
            $(#[doc = $fact] $name,)+
        }

        impl Cause {
            /// Every cause.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in documents.
            pub(super) const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The kind of error that it is, which decides the exit status.
            pub(super) const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)+ }
            }

            /// What is wrong.
            pub(super) const fn fact(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::En) => $fact,
                    (Self::$name, Lang::Fa) => $persian_fact,)+
                }
            }

            /// What to do about it.
            pub(super) const fn fix(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::En) => $fix,
                    (Self::$name, Lang::Fa) => $persian_fix,)+
                }
            }
        }
    };
}

causes! {
    // The service.
    ServiceMissing: "service_missing", NoService;
        "The smart-card service is not installed",
        "install pcscd and its CCID driver: apt install pcscd libccid, dnf install pcsc-lite pcsc-lite-ccid, or pacman -S pcsclite ccid";
        "سرویس کارت هوشمند نصب نیست",
        "سرویس pcscd و راه‌انداز CCID را نصب کنید؛ در دبیان و اوبونتو: apt install pcscd libccid";
    ServiceNotRunning: "service_not_running", NoService;
        "The smart-card service is not running",
        "start it: systemctl enable --now pcscd.socket";
        "سرویس کارت هوشمند اجرا نشده است",
        "آن را راه بیندازید: systemctl enable --now pcscd.socket";
    ServiceStopped: "service_not_running", NoService;
        "The smart-card service of the system is not running",
        "attach the reader again; on Windows start the service SCardSvr (Smart Card)";
        "سرویس کارت هوشمند سیستم اجرا نشده است",
        "کارت‌خوان را دوباره وصل کنید؛ در ویندوز سرویس SCardSvr (Smart Card) را راه بیندازید";
    ServiceNoRights: "service_no_rights", NoService;
        "This user may not open the socket of the smart-card service",
        "let this user in: SocketMode=0666 in pcscd.socket, or membership of the group that owns the socket";
        "این کاربر اجازهٔ باز کردن سوکت سرویس کارت هوشمند را ندارد",
        "به این کاربر اجازه بدهید: SocketMode=0666 در pcscd.socket، یا عضویت در گروهی که سوکت از آنِ اوست";
    ServiceRefuses: "service_refuses", NoService;
        "The smart-card service turns this user away",
        "add a polkit rule that grants org.debian.pcsc-lite.access_pcsc and org.debian.pcsc-lite.access_card; over ssh none is granted by default";
        "سرویس کارت هوشمند این کاربر را نمی‌پذیرد",
        "یک قاعدهٔ polkit برای org.debian.pcsc-lite.access_pcsc و org.debian.pcsc-lite.access_card بیفزایید؛ از راه ssh در حالت پیش‌فرض اجازه داده نمی‌شود";
    ServiceVersion: "service_version", NoService;
        "The smart-card service and its client library are of different versions",
        "update pcscd and libpcsclite together and restart the service; in a container use the version that runs outside of it";
        "نسخهٔ سرویس کارت هوشمند با نسخهٔ کتابخانهٔ آن یکی نیست",
        "pcscd و libpcsclite را با هم به‌روز کنید و سرویس را از نو راه بیندازید؛ در کانتینر همان نسخهٔ بیرون از آن را به کار ببرید";
    ServiceHangs: "service_hangs", TimedOut;
        "The smart-card service does not answer",
        "restart it: systemctl restart pcscd";
        "سرویس کارت هوشمند پاسخ نمی‌دهد",
        "آن را از نو راه بیندازید: systemctl restart pcscd";
    Flatpak: "sandbox", NoService;
        "This program runs in a sandbox that the smart-card service does not reach",
        "let it in: flatpak override --user --socket=pcsc APPLICATION";
        "این برنامه در محیطی بسته اجرا می‌شود که به سرویس کارت هوشمند راه ندارد",
        "به آن راه بدهید: flatpak override --user --socket=pcsc APPLICATION";
    Snap: "sandbox", NoService;
        "This program runs in a sandbox that the smart-card service does not reach",
        "let it in: snap connect APPLICATION:pcscd";
        "این برنامه در محیطی بسته اجرا می‌شود که به سرویس کارت هوشمند راه ندارد",
        "به آن راه بدهید: snap connect APPLICATION:pcscd";
    Container: "sandbox", NoService;
        "This program runs in a container that the smart-card service does not reach",
        "start the container with the service's folder in it: --volume /run/pcscd:/run/pcscd";
        "این برنامه در کانتینری اجرا می‌شود که به سرویس کارت هوشمند راه ندارد",
        "کانتینر را با پوشهٔ سرویس اجرا کنید: --volume /run/pcscd:/run/pcscd";
    // Readers.
    NoReader: "no_reader", NoReader;
        "No card reader is attached",
        "attach a reader, or try another port or cable";
        "هیچ کارت‌خوانی وصل نیست",
        "کارت‌خوان را وصل کنید، یا درگاه و کابل دیگری را بیازمایید";
    NoSuchReader: "no_reader", NoReader;
        "No card reader has this name",
        "see the names of the readers: idcard readers";
        "کارت‌خوانی با این نام وجود ندارد",
        "نام کارت‌خوان‌ها را ببینید: idcard readers";
    ReaderDriver: "reader_driver", NoReader;
        "A reader is attached by USB and the smart-card service has no driver for it",
        "install the CCID driver (libccid, ccid) or the maker's own, and restart pcscd";
        "کارت‌خوانی به USB وصل است که سرویس کارت هوشمند راه‌انداز آن را ندارد",
        "راه‌انداز CCID (libccid، ccid) یا راه‌انداز سازنده را نصب کنید و pcscd را از نو راه بیندازید";
    ReaderTaken: "reader_driver", NoReader;
        "A driver of the kernel keeps a reader away from the smart-card service",
        "keep that driver from loading (blacklist it in /etc/modprobe.d), and attach the reader again";
        "یکی از راه‌اندازهای هسته کارت‌خوان را در اختیار سرویس کارت هوشمند نمی‌گذارد",
        "از بار شدن آن راه‌انداز جلوگیری کنید (blacklist در /etc/modprobe.d) و کارت‌خوان را دوباره وصل کنید";
    ReaderSilent: "reader_silent", LinkLost;
        "A card reader does not answer",
        "unplug it and plug it in again; try another port or cable";
        "کارت‌خوان پاسخ نمی‌دهد",
        "آن را جدا و دوباره وصل کنید؛ درگاه یا کابل دیگری را بیازمایید";
    // The card.
    NoCard: "no_card", NoCard;
        "No card is in the reader",
        "push the card in with the chip first; on a contactless reader lay it flat on the mark";
        "کارتی در کارت‌خوان نیست",
        "کارت را از سمت تراشه در کارت‌خوان قرار دهید؛ روی کارت‌خوان بدون تماس آن را صاف روی نشان بگذارید";
    CardMute: "card_mute", LinkLost;
        "The card does not answer",
        "turn it over, so that the chip meets the contacts of the reader; clean the chip; try another reader";
        "کارت پاسخ نمی‌دهد",
        "کارت را برگردانید تا تراشه به تماس‌های کارت‌خوان برسد؛ تراشه را پاک کنید؛ کارت‌خوان دیگری را بیازمایید";
    ContactlessPosition: "contactless_position", LinkLost;
        "The link to the contactless card breaks off",
        "lay the card flat on the middle of the reader and leave it there, away from other cards and telephones, or use a reader with contacts";
        "ارتباط بدون تماس با کارت قطع می‌شود",
        "کارت را صاف میان کارت‌خوان بگذارید و تکان ندهید، دور از کارت‌های دیگر و تلفن همراه؛ یا کارت‌خوان تماسی به کار ببرید";
    Busy: "busy", Busy;
        "Another program holds the card",
        "end the one that uses it, or wait until it is done; those named have the service's library loaded; browsers, scdaemon of GnuPG and the issuer's own software are usual ones";
        "برنامهٔ دیگری کارت را در اختیار دارد",
        "آن برنامه را ببندید یا تا پایان کارش صبر کنید؛ معمولاً مرورگر، scdaemon از GnuPG یا نرم‌افزار صادرکننده است";
    CardChanged: "card_changed", CardChanged;
        "Another card was put in while this one was looked at",
        "leave one card in, and start again";
        "هنگام بررسی، کارت دیگری در کارت‌خوان گذاشته شد",
        "یک کارت را در کارت‌خوان بگذارید و دوباره آغاز کنید";
    LinkLost: "link_lost", LinkLost;
        "The link to the card fails",
        "clean the chip, put the card in again, try another port or another reader";
        "ارتباط با کارت قطع می‌شود",
        "تراشه را پاک کنید، کارت را دوباره وارد کنید، درگاه یا کارت‌خوان دیگری را بیازمایید";
    CardFaulty: "card_faulty", CardMalformed;
        "The card answers, but not as it should",
        "clean the chip and try again; if it stays so, record what it answers: idcard info --record FILE";
        "پاسخ کارت درست نیست",
        "تراشه را پاک کنید و دوباره بکوشید؛ اگر همچنان چنین بود، پاسخ کارت را ضبط کنید: idcard info --record FILE";
    ForeignCard: "foreign_card", UnknownCard;
        "The card is none that this program knows",
        "if it is a national card, record how it answers (idcard info --record FILE) and send to the project what idcard trace redact makes of it";
        "این برنامه این کارت را نمی‌شناسد",
        "اگر کارت ملی است، پاسخ آن را ضبط کنید (idcard info --record FILE) و آنچه را idcard trace redact از آن می‌سازد برای پروژه بفرستید";
    UnknownGeneration: "unknown_generation", UnknownCard;
        "The card is a national card of a kind that was not seen before",
        "what works, works; survey it without a PIN and send the file to the project: idcard probe --share FILE";
        "این کارت ملی از نوعی است که پیش‌تر دیده نشده است",
        "آنچه کار می‌کند درست است؛ کارت را بدون رمز بررسی کنید و پرونده را برای پروژه بفرستید: idcard probe --share FILE";
    SlowLink: "slow_link", LinkLost;
        "The reader does not use the speed that the card offers (it negotiates no PPS)",
        "everything works, slowly; update the reader's firmware and driver, or use another reader";
        "کارت‌خوان از سرعتی که کارت پیشنهاد می‌کند استفاده نمی‌کند (PPS)",
        "همه چیز کار می‌کند، ولی کند؛ سفت‌افزار و راه‌انداز کارت‌خوان را به‌روز کنید یا کارت‌خوان دیگری به کار ببرید";
    PinBlocked: "pin_blocked", PinBlocked;
        "A PIN of the card is blocked",
        "idcard pin status shows which; the PUK or the issuer unblocks it, and reading what is free works without it";
        "یکی از رمزهای کارت مسدود شده است",
        "فرمان idcard pin status نشان می‌دهد کدام؛ رمز بازگشایی (PUK) یا سازمان ثبت احوال آن را باز می‌کند و داده‌های آزاد بدون آن خوانده می‌شوند";
    PinUnusable: "pin_unusable", PinNotTried;
        "The card says that a PIN cannot be used (6984): it is blocked, or was never set",
        "idcard pin status shows which; ask the issuer before a PUK is entered, its tries are counted too";
        "کارت می‌گوید یکی از رمزها به کار نمی‌رود (6984): مسدود است یا هرگز تعیین نشده",
        "فرمان idcard pin status نشان می‌دهد کدام؛ پیش از وارد کردن PUK از سازمان ثبت احوال بپرسید، دفعات آن هم شمرده می‌شود";
    PinChangeInterrupted: "pin_change_interrupted", PinNotTried;
        "A change of the identity PIN was interrupted: its objects may hold different PINs",
        "enter it nowhere before that is ended: idcard pin status tells how far it came, idcard pin resume finishes it";
        "تغییر رمز هویت نیمه‌کاره مانده است؛ شاید جاهای گوناگون کارت رمزهای متفاوتی داشته باشند",
        "پیش از پایان دادن به آن رمز را هیچ جا وارد نکنید: idcard pin status نشان می‌دهد تا کجا رسیده و idcard pin resume آن را به پایان می‌رساند";
    PinsDisagree: "pins_disagree", PinNotTried;
        "The objects of the identity PIN hold different PINs: a change reached some of them and stopped",
        "enter neither PIN before they agree: idcard pin resume finishes the change with the old PIN and the new one, or with the PUK";
        "رمز هویت در جاهای گوناگون کارت یکی نیست: تغییر رمز به برخی رسیده و نیمه‌کاره مانده است",
        "پیش از یکی شدن آن‌ها هیچ‌کدام را وارد نکنید: idcard pin resume تغییر را با رمز پیشین و رمز تازه، یا با PUK، به پایان می‌رساند";
    PinLastTry: "pin_last_try", PinNotTried;
        "One try is left of a PIN of the card",
        "be sure of the PIN before it is entered; idcard pin verify --last-try with the right one gives all tries back";
        "برای یکی از رمزهای کارت تنها یک بار فرصت مانده است",
        "پیش از وارد کردن رمز از درستی آن مطمئن شوید؛ idcard pin verify --last-try با رمز درست همهٔ دفعات را برمی‌گرداند";
    CardExpired: "card_expired", Inconclusive;
        "By the clock of this machine the card or its certificate has expired",
        "compare the date with a calendar; whether an expired card is still accepted only the issuer can say";
        "بر پایهٔ ساعت این دستگاه، اعتبار کارت یا گواهی آن پایان یافته است",
        "تاریخ دستگاه را با تقویم بسنجید؛ این که کارت منقضی هنوز پذیرفته می‌شود یا نه، تنها صادرکننده می‌تواند بگوید";
    // The machine.
    ClockWrong: "clock_wrong", Inconclusive;
        "The clock of this machine is wrong",
        "set date and time, best from the network: timedatectl set-ntp true";
        "ساعت این دستگاه درست نیست",
        "تاریخ و ساعت را تنظیم کنید، بهتر از همه از شبکه: timedatectl set-ntp true";
    CommandsLogged: "commands_logged", Policy;
        "The smart-card service logs every command, the PIN among them",
        "take that option away (PCSCD_ARGS in /etc/default/pcscd, or ExecStart in its unit), restart the service, delete its log, and change a PIN that was entered";
        "سرویس کارت هوشمند همهٔ فرمان‌ها و از جمله رمز را در گزارش خود می‌نویسد",
        "این گزینه را بردارید (PCSCD_ARGS در /etc/default/pcscd یا ExecStart در واحد آن)، سرویس را از نو راه بیندازید، گزارش را پاک کنید و رمزی را که وارد شده عوض کنید";
    LinkSpied: "commands_logged", Policy;
        "A library in this program's environment writes down every command, the PIN among them",
        "unset LD_PRELOAD, and delete what it wrote (by default the file pcsc-spy in the home folder)";
        "کتابخانه‌ای در محیط این برنامه همهٔ فرمان‌ها و از جمله رمز را می‌نویسد",
        "متغیر LD_PRELOAD را بردارید و نوشته‌های آن را پاک کنید (معمولاً پروندهٔ pcsc-spy در پوشهٔ خانگی)";
}

/// A cause and what it is about: a reader, a program, a path, a date. Nothing that the card keeps for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) cause: Cause,
    pub(super) subject: Option<String>,
}

impl Finding {
    pub(super) fn of(cause: Cause, subject: impl Into<String>) -> Self {
        Self { cause, subject: Some(subject.into()).filter(|subject| !subject.is_empty()) }
    }

    /// The fact, with what it is about.
    pub(super) fn fact(&self, lang: Lang) -> String {
        let fact = self.cause.fact(lang);
        self.subject.as_ref().map_or_else(|| fact.to_owned(), |subject| format!("{fact} ({subject})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_told_in_both_languages_on_one_line() {
        let is_persian = |text: &str| text.chars().any(|letter| ('\u{600}'..='\u{6FF}').contains(&letter));
        for cause in Cause::ALL {
            for text in [cause.fact(Lang::En), cause.fix(Lang::En)] {
                assert!(text.is_ascii() && !text.contains('\n'), "{cause:?}");
            }
            for text in [cause.fact(Lang::Fa), cause.fix(Lang::Fa)] {
                assert!(is_persian(text) && !text.contains(['\n', 'ي', 'ى', 'ك', '\u{200E}']), "{cause:?}");
            }
        }
    }

    #[test]
    fn the_status_is_the_one_of_the_kind() {
        assert!(Cause::ALL.iter().all(|cause| (3..=18).contains(&cause.kind().status())));
        assert_eq!(Cause::Busy.kind().status(), 6);
    }
}
