//! The words of the interface in English and Persian.

use super::Lang;
use idcard_core::PinKind;

/// Lists words: the name in the program, the English and the Persian text.
macro_rules! words {
    ($($name:ident: $english:literal, $persian:literal;)+) => {
        /// A word or phrase of the interface.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Word {
            $(#[doc = $english] $name,)+
        }

        impl Word {
            /// Every word.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in a language.
            pub(crate) const fn text(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::En) => $english,
                    (Self::$name, Lang::Fa) => $persian,)+
                }
            }
        }
    };
}

words! {
    // Values judged without a card.
    Valid: "Valid", "معتبر";
    Age: "Age", "سن";
    CompletesFifteen: "Completes fifteen years on", "پایان پانزده سالگی";
    Eligible: "Old enough for the card", "رسیدن به سن دریافت کارت";
    ApplyAt: "Where to apply", "محل درخواست";
    Offices: "post offices, offices of the civil registry, counter offices", "دفترهای پست، اداره‌های ثبت احوال و دفاتر پیشخوان";
    AskForTheState:
        "Ask for the state of the card by telephone or on the registry's site; this program contacts neither.",
        "وضعیت صدور کارت را با تلفن یا در سامانهٔ ثبت احوال پیگیری کنید؛ این برنامه با هیچ‌کدام تماس نمی‌گیرد.";
    UntilItIsReady:
        "A message tells when the card is ready; until then the paper receipt is accepted for services.",
        "آماده شدن کارت با پیامک خبر داده می‌شود؛ تا آن زمان رسید کاغذی برای دریافت خدمات پذیرفته می‌شود.";
    WhyUndelivered:
        "Without a message: is the mobile number at the registry right, in use and your own, and the address still valid?",
        "اگر پیامکی نرسید: آیا شمارهٔ همراه ثبت‌شده درست، روشن و از آن خودتان است، و نشانی هنوز معتبر است؟";
    Dial: "Dial", "شماره‌گیری";
    Site: "Site", "نشانی سامانه";
    // The program and its readers.
    Error: "error", "خطا";
    Hint: "hint", "راهنمایی";
    Warning: "Warning", "هشدار";
    Reader: "Card reader", "کارت‌خوان";
    CardModel: "Card model", "مدل کارت";
    CardInserted: "Card inserted", "کارت در کارت‌خوان است";
    NoCard: "No card", "کارتی در کارت‌خوان نیست";
    CardMute: "The card does not answer", "کارت پاسخ نمی‌دهد";
    ReaderUnavailable: "The reader does not answer", "کارت‌خوان پاسخ نمی‌دهد";
    ReaderAttached: "Reader attached", "کارت‌خوان وصل شد";
    ReaderDetached: "Reader detached", "کارت‌خوان جدا شد";
    CardCame: "Card inserted", "کارت وارد شد";
    CardWent: "Card removed", "کارت خارج شد";
    ServiceLost: "The smart-card service cannot be reached", "سرویس کارت هوشمند در دسترس نیست";
    ServiceBack: "The smart-card service is back", "سرویس کارت هوشمند دوباره در دسترس است";
    NothingWrong: "Nothing wrong was found; looked at", "ایرادی پیدا نشد؛ بررسی‌شده‌ها";
    PartService: "the smart-card service", "سرویس کارت هوشمند";
    PartReaders: "the card readers", "کارت‌خوان‌ها";
    PartCard: "the card", "کارت";
    PartClock: "the clock", "ساعت";
    PartLogging: "what is logged", "گزارش‌های سرویس";
    UnknownCard: "Unknown card", "کارت ناشناخته است";
    ByItsAtr: ", by its ATR alone", "، تنها بر پایهٔ ATR";
    Recording: "RECORDING: this is what a trace holds, no card was read", "ضبط: از روی یک ضبط است و کارتی خوانده نشد";
    SpecimenCard: "SPECIMEN CARD: its holder does not exist", "کارت نمونه: دارندهٔ این کارت وجود ندارد";
    Redacted: "masked in this recording", "در این ضبط پوشانده شده است";
    Atr: "ATR", "ATR";
    ChipSerial: "Chip serial number (CSN)", "شمارهٔ سریال تراشه (CSN)";
    Crn: "CRN", "CRN";
    // The person.
    Identity: "Identity", "مشخصات فردی";
    GivenName: "Name", "نام";
    Surname: "Surname", "نام خانوادگی";
    FatherName: "Father's name", "نام پدر";
    NationalNumber: "National number", "شماره ملی";
    Sex: "Sex", "جنسیت";
    Male: "male", "مرد";
    Female: "female", "زن";
    NotApplicable: "not applicable", "مشمول نمی‌شود";
    Unknown: "unknown", "نامشخص";
    BirthDate: "Date of birth", "تاریخ تولد";
    BirthPlace: "Place of birth", "محل تولد";
    IssuePlace: "Place of issue", "محل صدور";
    LatinName: "Name in Latin letters", "نام لاتین";
    NamesFromCertificate: "The names are those of the signing certificate", "نام‌ها از گواهی امضا گرفته شده‌اند";
    BirthCertificate: "Birth certificate", "شناسنامه";
    BirthCertificateNumber: "Shenasnameh number", "شماره شناسنامه";
    SeriesAndSerial: "Series and serial", "سری و سریال شناسنامه";
    RegisteredAt: "Place of registration", "محل ثبت";
    Postal: "Postal data", "نشانی پستی";
    PostalCode: "Postal code", "کد پستی";
    Address: "Address", "نشانی";
    Photo: "Photo", "عکس";
    Fingerprints: "Fingerprints", "اثر انگشت";
    Enrolled: "Enrolled fingers", "انگشت‌های ثبت‌شده";
    MatchOnCard: "Comparison on the card", "تطبیق روی کارت";
    Dates: "Validity of the card", "اعتبار کارت";
    IssueDate: "Issue date", "تاریخ صدور";
    ExpiryDate: "Expiry date", "پایان اعتبار";
    // Certificates and the security object.
    Certificate: "Certificate", "گواهی الکترونیکی";
    SlotSign: "signing", "امضا";
    SlotAuth: "authentication", "احراز هویت";
    SlotCa: "issuing authority", "مرکز صدور گواهی";
    Subject: "Subject (holder)", "دارندهٔ گواهی";
    Issuer: "Issuer", "صادرکننده";
    SerialNumber: "Serial number", "شمارهٔ سریال";
    ValidFrom: "Valid from", "معتبر از";
    ValidUntil: "Valid until", "معتبر تا";
    PublicKey: "Public key", "کلید عمومی";
    Sha256: "Fingerprint (SHA-256)", "اثر انگشت گواهی (چکیدهٔ SHA-256)";
    SecurityObject: "Authenticity of the data", "اصالت داده‌ها";
    Authentic: "authentic: as the issuer signed them", "اصیل: همان که صادرکننده امضا کرده است";
    UntrustedSigner: "fits a signature by somebody who is not trusted: --ca takes the issuer's root",
        "با امضای کسی می‌خواند که مورد اعتماد نیست: --ca گواهی ریشهٔ صادرکننده را می‌گیرد";
    NotAuthentic: "NOT AUTHENTIC: changed, or not signed by the issuer", "نامعتبر: تغییر یافته یا امضای صادرکننده ندارد";
    NotChecked: "not checked", "بررسی نشد";
    NotCompared: "not read, so not compared", "خوانده و سنجیده نشد";
    // Warnings.
    FirstFive0Or2: "a 0 or a 2 among the first five digits of the postal code (rule set B)",
        "رقم ۰ یا ۲ در پنج رقم نخست کد پستی (قاعدهٔ B)";
    Fifth5: "the fifth digit of the postal code is 5 (rule set C)", "رقم پنجم کد پستی ۵ است (قاعدهٔ C)";
    RepeatedLeading: "the first four digits of the postal code are equal (rule set B)",
        "چهار رقم نخست کد پستی یکسان است (قاعدهٔ B)";
    Tail2: "a 2 among the last five digits of the postal code (rule set D)", "رقم ۲ در پنج رقم پایانی کد پستی (قاعدهٔ D)";
    RepeatedDigits: "all ten digits are the same; sources disagree whether such numbers are issued",
        "هر ده رقم یکسان است؛ منابع دربارهٔ صدور چنین شماره‌ای یکسان نمی‌گویند";
    MixedDigits: "digits of several scripts", "رقم‌هایی از چند خط";
    Padded: "leading zeros were added", "صفرهای آغازین افزوده شد";
    Proleptic: "a day before 1304, when the months were counted otherwise: the day in the other calendar may be off",
        "روزی پیش از ۱۳۰۴ که ماه‌ها به گونه‌ای دیگر شمرده می‌شد: برابر آن در تقویم دیگر شاید دقیق نباشد";
    AtrNotSeenBefore: "an answer to reset that was not seen before", "این ATR پیش‌تر دیده نشده است";
    CalendarInferred: "which calendar the dates are in was told by the year", "تقویم تاریخ‌ها از روی سال تشخیص داده شد";
    OfAnEarlierRead: "not of this reading: it was there before", "از این خواندن نیست: از پیش آنجا بود";
    NumberUnreadable: "serial number or CRN cannot be read", "شمارهٔ سریال یا CRN خوانده نشد";
    HolderDiffers: "identity, CRN and certificates do not speak of one holder",
        "مشخصات، CRN و گواهی‌ها از یک دارنده نیستند";
    NationalNumberInvalid: "the national number fails its check", "رقم کنترل شماره ملی نادرست است";
    NotASpecimenNumber: "a number that no specimen has", "این شماره از آنِ کارت نمونه نیست";
    CardExpired: "the card has expired", "اعتبار کارت به پایان رسیده است";
    SignExpired: "the signing certificate has expired", "گواهی امضا منقضی شده است";
    AuthExpired: "the authentication certificate has expired", "گواهی احراز هویت منقضی شده است";
    CaExpired: "the certificate of the issuing authority has expired", "گواهی مرکز صدور منقضی شده است";
    SignerExpired: "the certificate of the signer has expired", "گواهی امضاکنندهٔ داده‌ها منقضی شده است";
    // Why a section is not there.
    PinRequired: "needs the identity PIN", "رمز شناسایی لازم است";
    SecureChannelRequired: "not readable without the server of the issuer",
        "بدون ارتباط با سامانهٔ ثبت احوال خوانده نمی‌شود";
    LayoutUnknown: "not readable: its place or layout is not published", "جای آن یا ساختار آن منتشر نشده است";
    Absent: "not on this card", "در این کارت نیست";
    Refused: "refused by the card", "کارت آن را نپذیرفت";
    Malformed: "not in order", "درست نوشته نشده است";
    // PINs.
    PinId: "Identity PIN", "رمز شناسایی";
    PinSign: "Signature PIN", "رمز امضا";
    EmptyToSkip: "empty: without", "خالی: بدون رمز";
    TypeOnPad: "type it on the pin pad of the card reader", "آن را با صفحه‌کلید کارت‌خوان وارد کنید";
    CancelToSkip: "cancel: without", "لغو: بدون رمز";
    OnceMore: "once more, for", "بار دیگر، برای";
    TriesLeft: "tries left", "تعداد دفعات باقی‌مانده";
    PinForgotten: "another program reset the card, which forgets the PIN",
        "برنامهٔ دیگری کارت را بازنشانی کرد و کارت رمز را فراموش کرد";
    Blocked: "blocked", "مسدود";
    Puk: "Unblocking key (PUK)", "رمز بازگشایی (PUK)";
    OldPin: "old", "رمز کنونی";
    NewPin: "new", "رمز تازه";
    Again: "again", "تکرار";
    OldThenNew: "the old one, then the new one twice", "نخست رمز کنونی، سپس دو بار رمز تازه";
    PinVerified: "accepted by the card", "کارت آن را پذیرفت";
    PinChanged: "changed", "رمز تغییر کرد";
    PinUnblocked: "unblocked, with the new value", "باز شد و رمز تازه گرفت";
    PinFinished: "the interrupted change is finished", "تغییر نیمه‌کاره به پایان رسید";
    PinNothingToFinish: "nothing was interrupted", "تغییر نیمه‌کاره‌ای نیست";
    PinAgreement: "Objects of the identity PIN", "بخش‌های رمز شناسایی";
    PinInStep: "in step, as the journal says", "بنا بر گزارش کارت هماهنگ‌اند";
    PinNearlyDone: "all changed; the journal is left to be cleared", "همه تغییر کرده‌اند؛ تنها گزارش کارت پاک نشده است";
    PinOutOfStep: "NOT in step: some hold the new PIN, some the old", "هماهنگ نیستند: برخی رمز تازه و برخی رمز پیشین را دارند";
    PinStepUnknown: "it cannot be told whether they are in step", "هماهنگی آن‌ها دانسته نیست";
    PinInterrupted: "A change was interrupted: idcard pin resume finishes it",
        "تغییر رمز نیمه‌کاره مانده است: idcard pin resume آن را به پایان می‌رساند";
    PinJournalUnread: "the journal of PIN changes cannot be read: no identity PIN is sent to this card",
        "گزارش تغییر رمز خوانده نمی‌شود: رمز شناسایی به این کارت فرستاده نمی‌شود";
    PinMayCostATry: "which PIN it holds is not known; to find out may cost one of its tries",
        "رمز این بخش دانسته نیست؛ یافتن آن شاید یکی از دفعات مجاز را بکاهد";
    WeakCommon: "the new PIN is easy to guess: its digits are in a row or all the same",
        "رمز تازه را آسان می‌توان حدس زد: رقم‌های آن پشت سر هم یا یکسان‌اند";
    WeakNationalNumber: "the new PIN is the end of the national number, which is easy to guess",
        "رمز تازه رقم‌های پایانی شماره ملی است و آسان حدس زده می‌شود";
    Yes: "yes", "بله";
    No: "no", "خیر";
    // Signatures.
    NoIssuer: "the card gives no sound certificate of the authority that issued the signer's: it will be missing in the signature",
        "کارت گواهی سالمی از مرجع صادرکنندهٔ گواهی امضا نمی‌دهد: در امضا نخواهد بود";
    OtherSigner: "the signer is not the one of --certificate", "امضاکننده دارندهٔ گواهی --certificate نیست";
    TextMode: "with CRLF at the ends of its lines it is the text that was signed",
        "با CRLF در پایان سطرها همان متن امضاشده است";
    Signature: "Signature", "امضای الکترونیکی";
    SignAs: "Signer", "امضاکننده";
    ToBeSigned: "Documents to be signed", "اسناد برای امضا";
    StillSigned: "these were signed all the same", "این اسناد امضا شدند";
    AuthenticateAs: "Authentication of", "احراز هویت";
    AuthenticateTo: "To the site", "برای سامانهٔ";
    AuthenticationDone: "AUTHENTICATION SUCCESSFUL", "احراز هویت موفق بود";
    AuthenticationFailed: "AUTHENTICATION FAILED", "احراز هویت ناموفق بود";
    AuthenticationInconclusive: "NOT PROVED: the authentication could not be shown to be valid",
        "نتیجه قطعی نیست: درستی احراز هویت ثابت نشد";
    KnownAs: "Known as", "شناخته‌شده به نام";
    KnownAuthority: "Known authority", "مرکز شناخته‌شده";
    Intermediate: "Imported authority", "مرکز افزوده‌شده";
    PageInOrder: "The page is in order", "صفحهٔ کارت درست است";
    Items: "Items", "داده‌ها";
    PinObjects: "PIN objects", "رمزها";
    Keys: "Keys", "کلیدها";
    Inferred: "Only inferred (evidence C)", "تنها از روی قرینه (سند C)";
    Purpose: "Purpose", "کاربرد";
    Operator: "Operator", "گرداننده";
    LegacyAnchor: "legacy: used only with --allow-legacy-sha1", "قدیمی: تنها با --allow-legacy-sha1 به کار می‌رود";
    Outcome: "Outcome", "نتیجه";
    Kept: "kept", "نگه داشته شد";
    KeptBefore: "was kept before", "از پیش نگه داشته شده است";
    KeptIn: "Kept in", "محل نگهداری";
    NoAuthority: "not kept: this is no authority", "نگه داشته نشد: گواهی یک مرکز صدور نیست";
    NeedsTrust: "not kept: nobody vouches for it; compare the fingerprint with its owner's, then use --trust",
        "نگه داشته نشد: کسی آن را تأیید نمی‌کند؛ چکیده را با صاحب آن بسنجید و --trust را به کار برید";
    SignatureValid: "SIGNATURE VALID", "امضا معتبر است";
    SignatureInvalid: "SIGNATURE INVALID", "امضا نامعتبر است";
    SignatureInconclusive: "NOT PROVED: the signature could not be shown to be valid", "نتیجه قطعی نیست: اعتبار امضا ثابت نشد";
    SignatureChecked: "checking the signature", "امضای بررسی‌شده";
    SignaturePassedOver: "also there, and passed over", "موجود ولی بررسی‌نشده";
    IsValid: "valid", "معتبر";
    IsInvalid: "INVALID", "نامعتبر";
    SignedBy: "Signed by", "امضاکننده";
    Document: "Document", "سند";
    ContentMatches: "as it was signed", "همان که امضا شده است";
    ContentChanged: "CHANGED AFTER SIGNING", "سند پس از امضا تغییر کرده است";
    ContentNeedsAnchor: "what is missing is an authority that this program trusts: give its certificate with --ca FILE",
        "مرجعی که این برنامه به آن اعتماد دارد پیدا نشد: گواهی آن را با --ca FILE بدهید";
    ContentKept: "the content is not handed out, since the signature is not shown to be valid",
        "محتوا تحویل داده نشد، زیرا اعتبار امضا ثابت نشد";
    Chain: "Certificate chain", "زنجیرهٔ گواهی";
    ChainTrusted: "leads to a trusted root", "به ریشهٔ مورد اعتماد می‌رسد";
    ChainIncomplete: "incomplete", "زنجیرهٔ گواهی ناقص است";
    ChainUntrusted: "not trusted", "به ریشهٔ مورد اعتماد نمی‌رسد";
    ChainWeak: "its algorithms are too weak", "الگوریتم آن به‌اندازهٔ کافی امن نیست";
    Expired: "expired", "منقضی شده";
    NotYetValid: "not yet valid", "هنوز معتبر نشده";
    Revocation: "Revocation", "ابطال گواهی";
    NotRevoked: "not revoked", "باطل نشده";
    Revoked: "REVOKED", "باطل شده";
    RevocationNotChecked: "not checked", "وضعیت ابطال بررسی نشد";
    ClaimedTime: "Signing time (claimed)", "زمان امضا (به اظهار امضاکننده)";
    Format: "Format", "قالب";
    Reason: "Note", "توضیح";
    CertificateExpired: "The certificate has expired", "گواهی منقضی شده است";
    // Traces.
    HoldsSecrets: "it holds secrets in the clear; keep it to yourself", "رمزها در آن آشکار است؛ آن را به کسی ندهید";
    Program: "Program", "برنامه";
    Exchanges: "Exchanges", "تبادل‌ها";
    LinkFailures: "Failures of the link", "خطاهای ارتباط";
    // What else a card tells.
    Family: "Family", "خانوادهٔ کارت";
    Generation: "Generation", "نسل";
    Protocol: "Protocol", "پروتکل";
    BitRate: "Highest bit rate at 4 MHz", "بیشترین سرعت در ۴ مگاهرتز";
    HistoricalBytes: "Historical bytes", "بایت‌های تاریخی";
    ExtendedLength: "Extended length", "طول گسترده";
    CrnChecksum: "The CRN also passes the checksum of national numbers",
        "CRN رقم کنترل شماره ملی را هم دارد";
    Versions: "Versions", "نسخه‌ها";
    FingerprintCheck: "Fingerprint check required", "بررسی اثر انگشت لازم است";
    Applet: "Applet", "برنامک";
    Answers: "answers", "پاسخ می‌دهد";
    Silent: "does not answer", "پاسخ نمی‌دهد";
    Evidence: "evidence", "سند";
    Source: "source", "منبع";
    // What a survey finds.
    AsThePageTells: "As the page tells", "همان که صفحهٔ کارت می‌گوید";
    NotAsThePageTells: "Not as the page tells", "جز آنچه صفحهٔ کارت می‌گوید";
    NewToThePage: "New: not on the page", "تازه: در صفحهٔ کارت نیست";
    NotOnThisCard: "Asked for and not there", "پرسیده شد و نبود";
    OpenQuestions: "Open questions that this card answers", "پرسش‌های بازی که این کارت پاسخ می‌دهد";
    NothingPresented: "No PIN was presented, nothing was written, no try was spent",
        "هیچ رمزی فرستاده نشد، چیزی نوشته نشد و هیچ نوبتی مصرف نشد";
    HowToShare: "To send this to others without giving yourself away: idcard probe --share FILE",
        "برای فرستادن بی‌نام این یافته‌ها: idcard probe --share FILE";
    Shared: "Written, to be sent to others", "نوشته شد، برای فرستادن";
    WillBeReplaced: "Replaced by pseudonyms in", "جایگزین‌شده با نام‌های ساختگی در";
    WillStay: "Not replaced: answer to reset, chip type, versions and flags, PIN counters, the year of dates, the length of each \
        value, certificates of authorities, the time of each exchange, the system's name",
        "بی‌تغییر می‌ماند: ATR، نوع تراشه، نسخه‌ها و پرچم‌ها، شمارنده‌های رمز، سال تاریخ‌ها، طول هر مقدار، گواهی‌های مراجع، زمان هر تبادل، \
        نام سیستم‌عامل";
    WriteIt: "Write this file? [y/N]", "این پرونده نوشته شود؟ [y/N]";
    NotWritten: "not written", "نوشته نشد";
    BytesRead: "bytes", "بایت";
    FileNotThere: "not there", "نیست";
    FileGuarded: "guarded", "محافظت‌شده";
    FileSealed: "sealed", "مهروموم‌شده";
    FileFree: "free to read", "آزاد برای خواندن";
    FileEmpty: "empty", "خالی";
    Unmarked: "historical bytes not seen before", "بایت‌های تاریخی پیش‌تر دیده نشده‌اند";
    CostsTries: "asking for the tries left costs a try; nothing more of the kind was asked",
        "پرسیدن نوبت‌های مانده یک نوبت می‌سوزاند؛ دیگر پرسیده نشد";
    AboutFiles: "which files hold personal data, and what guards them", "کدام پرونده‌ها داده‌های فردی دارند و چه چیزی از آن‌ها محافظت می‌کند";
    AboutSecurityObject: "the security object", "شیء امنیتی داده‌ها";
    AboutReferences: "references and tries of the PINs", "شناسه‌ها و نوبت‌های رمزها";
    AboutGenerations: "how the generations differ", "تفاوت نسل‌های کارت";
    AboutCounters: "counters, dates, flags", "شمارنده‌ها، تاریخ‌ها، پرچم‌ها";
    AboutAtr: "which answer to reset belongs to which card", "کدام ATR از آنِ کدام کارت است";
}

impl Word {
    /// The name of a PIN.
    pub(crate) const fn of_pin(kind: PinKind) -> Self {
        match kind {
            PinKind::Id => Self::PinId,
            PinKind::Sign => Self::PinSign,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_in_both_languages() {
        let is_persian = |text: &str| text.chars().any(|character| ('\u{600}'..='\u{6FF}').contains(&character));
        for word in Word::ALL {
            assert!(!is_persian(word.text(Lang::En)), "{word:?}");
            let kept = matches!(word, Word::Atr | Word::Crn);
            assert!(kept || is_persian(word.text(Lang::Fa)), "{word:?}");
        }
    }

    #[test]
    fn persian_words_have_persian_letters() {
        for word in Word::ALL {
            let foreign = word.text(Lang::Fa).chars().find(|letter| matches!(letter, 'ي' | 'ى' | 'ك'));
            assert_eq!(foreign, None, "{word:?}");
        }
    }
}
