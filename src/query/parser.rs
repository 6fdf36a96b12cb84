//! Tokens to an [`Expr`]: AND by space, then OR, then parentheses and negation.

use std::ops::Range;

use super::Query;
use super::ast::{Expr, Term};
use super::error::{Problem, QueryError, nearest};
use super::lexer::{Token, Word, lex};
use super::scope::Scope;
use super::value::Item;

/// At most so many bytes in a filter.
const LONGEST: usize = 4096;
/// At most so many levels of parentheses and negations.
const DEEPEST: usize = 64;
/// At most so many terms and values: SQLite refuses an expression deeper than 1000.
const MOST: usize = 256;

/// Reads a filter.
///
/// # Errors
/// [`QueryError`] with the bytes that are wrong and the nearest valid name. Never panics, whatever
/// the text.
pub fn parse(scope: Scope, text: &str) -> Result<Query, QueryError> {
    if text.len() > LONGEST {
        let start = text.floor_char_boundary(LONGEST);
        return Err(QueryError::new(start..text.len(), Problem::TooLong { limit: LONGEST }));
    }
    let tokens = lex(text)?;
    let mut parser = Parser { scope, tokens: &tokens, next: 0, end: text.len(), count: 0 };
    let expr = if tokens.is_empty() { None } else { Some(parser.any(0)?) };
    match parser.peek() {
        None => Ok(Query { scope, text: text.to_owned(), expr }),
        // `any` stops early at nothing but a parenthesis that no one opened.
        Some((_, span)) => Err(QueryError::new(span.clone(), Problem::StrayParen)),
    }
}

struct Parser<'a> {
    scope: Scope,
    tokens: &'a [(Token, Range<usize>)],
    next: usize,
    end: usize,
    count: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a (Token, Range<usize>)> {
        self.tokens.get(self.next)
    }

    /// Whether the next token is this bare word.
    fn at_word(&self, wanted: &str) -> Option<Range<usize>> {
        match self.peek() {
            Some((Token::Word(word), span)) if bare(word) == Some(wanted) => Some(span.clone()),
            _ => None,
        }
    }

    /// Terms joined by OR.
    fn any(&mut self, depth: usize) -> Result<Expr, QueryError> {
        let mut parts = vec![self.all(depth)?];
        while let Some(span) = self.at_word("OR") {
            self.next += 1;
            if self.peek().is_none_or(|(token, _)| *token == Token::Close) || self.at_word("OR").is_some() {
                return Err(QueryError::new(span, Problem::LoneOr));
            }
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, Expr::Or))
    }

    /// Terms joined by space.
    fn all(&mut self, depth: usize) -> Result<Expr, QueryError> {
        if let Some(span) = self.at_word("OR") {
            return Err(QueryError::new(span, Problem::LoneOr));
        }
        let mut parts = Vec::new();
        while let Some((token, span)) = self.peek() {
            if self.at_word("OR").is_some() {
                break;
            }
            if *token == Token::Close {
                if parts.is_empty() {
                    let problem = if depth > 0 { Problem::EmptyParens } else { Problem::StrayParen };
                    return Err(QueryError::new(span.clone(), problem));
                }
                break;
            }
            if let Some(span) = self.at_word("AND") {
                self.next += 1;
                let goes_on = self.peek().is_some_and(|(token, _)| *token != Token::Close);
                if parts.is_empty()
                    || !goes_on
                    || self.at_word("OR").is_some()
                    || self.at_word("AND").is_some()
                {
                    return Err(QueryError::new(span, Problem::LoneAnd));
                }
            }
            parts.push(self.term(depth)?);
        }
        Ok(one_or(parts, Expr::And))
    }

    fn term(&mut self, depth: usize) -> Result<Expr, QueryError> {
        let Some((token, span)) = self.peek() else {
            return Err(QueryError::new(self.end..self.end, Problem::LoneMinus));
        };
        if depth >= DEEPEST {
            return Err(QueryError::new(span.clone(), Problem::TooDeep { limit: DEEPEST }));
        }
        self.next += 1;
        match token {
            Token::Minus => match self.peek() {
                Some((Token::Word(_) | Token::Open | Token::Minus, next)) if next.start == span.end => {
                    Ok(Expr::Not(Box::new(self.term(depth + 1)?)))
                }
                _ => Err(QueryError::new(span.clone(), Problem::LoneMinus)),
            },
            Token::Open => {
                if self.peek().is_none() {
                    return Err(QueryError::new(span.clone(), Problem::UnclosedParen));
                }
                let inner = self.any(depth + 1)?;
                if self.peek().is_none() {
                    return Err(QueryError::new(span.clone(), Problem::UnclosedParen));
                }
                self.next += 1;
                Ok(inner)
            }
            Token::Word(word) if bare(word) == Some("NOT") => match self.peek() {
                Some((Token::Word(_) | Token::Open | Token::Minus, _)) => {
                    Ok(Expr::Not(Box::new(self.term(depth + 1)?)))
                }
                _ => Err(QueryError::new(span.clone(), Problem::LoneMinus)),
            },
            // Behind a minus or NOT these are no more than lone.
            Token::Word(word) if bare(word) == Some("OR") => {
                Err(QueryError::new(span.clone(), Problem::LoneOr))
            }
            Token::Word(word) if bare(word) == Some("AND") => {
                Err(QueryError::new(span.clone(), Problem::LoneAnd))
            }
            Token::Word(word) => self.word(word),
            Token::Close => Err(QueryError::new(span.clone(), Problem::StrayParen)),
        }
    }

    fn word(&mut self, word: &Word) -> Result<Expr, QueryError> {
        let glyphs = &word.glyphs;
        let colon = glyphs.iter().position(|glyph| glyph.syntax() == Some(':'));
        let Some(colon) =
            colon.filter(|colon| *colon > 0 && glyphs[..*colon].iter().all(|glyph| !glyph.quoted))
        else {
            if glyphs.is_empty() {
                return Err(QueryError::new(word.span.clone(), Problem::EmptyText));
            }
            self.count(word.span.clone())?;
            return Ok(Expr::Term(Term::Text(glyphs.iter().map(|glyph| glyph.char).collect())));
        };
        let name: String = glyphs[..colon].iter().map(|glyph| glyph.char).collect();
        let Some(key) = self.scope.key(&name) else {
            let nearest = nearest(&name, self.scope.keys().iter().map(|key| key.name));
            let span = word.span.start..glyphs[colon].at;
            return Err(QueryError { span, problem: Problem::UnknownKey { key: name }, nearest });
        };
        let values = glyphs[colon + 1..].split(|glyph| glyph.syntax() == Some(','));
        let values = values.map(|glyphs| {
            let Some(last) = glyphs.last() else {
                return Err(QueryError::new(word.span.clone(), Problem::NoValue { key: key.name }));
            };
            self.count(glyphs[0].at..last.at)?;
            Item { key, glyphs }.read()
        });
        Ok(Expr::Term(Term::Key { key, values: values.collect::<Result<_, _>>()? }))
    }

    /// Counts a term or a value.
    fn count(&mut self, span: Range<usize>) -> Result<(), QueryError> {
        self.count += 1;
        if self.count > MOST { Err(QueryError::new(span, Problem::TooMany { limit: MOST })) } else { Ok(()) }
    }
}

/// The letters of a word that has no quotation marks.
fn bare(word: &Word) -> Option<&'static str> {
    let is = |wanted: &str| !word.quoted && word.glyphs.iter().map(|glyph| glyph.char).eq(wanted.chars());
    ["OR", "AND", "NOT"].into_iter().find(|wanted| is(wanted))
}

fn one_or(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.len() {
        1 => parts.remove(0),
        _ => join(parts),
    }
}
