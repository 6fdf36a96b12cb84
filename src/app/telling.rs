//! What is told of a backend that does not answer and of a cache that cannot be read, for as long as it is so.

use super::App;
use super::event::Notice;
use crate::i18n::words::{faults, kinds, notices};
use crate::i18n::{Lang, Word, named, say};
use crate::model::{Trouble, TroubleKind, technical};

/// Milliseconds that the operator has to read in full why the backend is away.
const IN_FULL: i64 = 8_000;

impl App {
    /// Tells why the backend does not answer, until it does: in plain words, what to do, and last
    /// what was asked and answered.
    pub(super) fn tell(&mut self, trouble: &Trouble) {
        let lang = self.settings.lang;
        let remedy = named(faults::REMEDIES, trouble.kind.word()).filter(|_| lang.is_zh());
        let remedy = remedy.map_or(trouble.remedy.as_str(), |word| say(lang, word));
        let (plain, technical) = (say(lang, plainly(trouble.kind)), said(trouble, lang));
        let notice = Notice::bad(format!("{plain}; {remedy} ({technical})"));
        self.header.told = Some(notice.clone());
        self.header.brief = None;
        self.notice = Some(notice);
    }

    /// Tells that the backend is away and will be tried again: in full at first, and then in a few words,
    /// which leave what lies below to be seen. What was offered just before stays offered.
    pub(super) fn tell_away(&mut self, trouble: &Trouble) {
        let offer = self.notice.take().filter(|notice| self.offer_words().as_ref() == Some(notice));
        self.tell(trouble);
        let Some(mut full) = self.notice.take() else { return };
        let mut brief = Notice::bad(say(self.settings.lang, plainly(trouble.kind)));
        if let Some(offer) = offer {
            full.text.push_str(&format!(" · {}", offer.text));
            brief.text.push_str(&format!(" · {}", self.offer_in(notices::LEFT_HERE)));
        }
        self.header.told = Some(full.clone());
        self.header.brief = Some((self.now, brief));
        self.notice = Some(full);
    }

    /// What is told in full of the backend takes fewer words from now on, where it still stands. Says
    /// whether it did.
    pub(super) fn shorten(&mut self) -> bool {
        let Some((_, brief)) = self.header.brief.take() else { return false };
        let stands = self.notice.is_some() && self.notice == self.header.told;
        if stands {
            self.header.told = Some(brief.clone());
            self.notice = Some(brief);
        }
        stands
    }

    /// The same, once there was time to read it.
    pub(super) fn shorten_in_time(&mut self) {
        let since = self.header.brief.as_ref().map(|(since, _)| self.now.millis - since.millis);
        if since.is_some_and(|millis| millis >= IN_FULL) {
            self.shorten();
        }
    }

    /// What is over is not told any longer.
    pub(super) fn untell(&mut self) {
        self.header.brief = None;
        if let Some(told) = self.header.told.take()
            && self.notice.as_ref() == Some(&told)
        {
            self.notice = None;
        }
    }

    /// The cache answers: that it did not is no longer told.
    pub(super) fn reads_again(&mut self) {
        if let Some(told) = self.misread.take()
            && self.notice.as_ref() == Some(&told)
        {
            self.notice = None;
        }
    }
}

/// What was asked and answered: in full where it is in the language that all speak among
/// themselves, else the names and figures of it.
pub(super) fn said(trouble: &Trouble, lang: Lang) -> String {
    if lang.is_zh() { technical(&trouble.text) } else { trouble.text.clone() }
}

/// What went wrong with the backend, for who does not know what a request is.
fn plainly(kind: TroubleKind) -> Word {
    use TroubleKind as K;
    match kind {
        K::Dns | K::Connect | K::Reset => kinds::NOT_REACHED,
        K::Timeout => kinds::TIMED_OUT,
        K::Tls => kinds::NOT_TRUSTED,
        K::Auth => kinds::REFUSED,
        K::Forbidden => kinds::FORBIDDEN,
        K::Rate => kinds::LIMITED,
        K::Server => kinds::FAILED,
        K::NotFound | K::Conflict | K::Validation | K::Gone | K::Malformed => kinds::NOT_UNDERSTOOD,
        K::Configuration => kinds::MISCONFIGURED,
        K::Store => kinds::NOT_STORED,
    }
}
