// Why a film is not made smaller; the page has the words for each reason.
//   device      nothing here can encode a film
//   unreadable  this is no film, or one of a kind that is not known
//   picture     its pictures cannot be decoded here
//   sound       its sound could not be taken along
//   small       it would hardly become smaller
//   long        it does not fit; `seconds` says how much of it would
//   room        storage or memory is full
//   broken      it went wrong on the way

export class FilmRefused extends Error {
  constructor(reason, { seconds, cause } = {}) {
    super(`The film is not made smaller: ${reason}`, { cause });
    this.name = "FilmRefused";
    this.reason = reason;
    this.seconds = seconds;
  }
}
