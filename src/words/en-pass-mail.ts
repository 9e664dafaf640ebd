import type { PassMailFacts, PassMailWords } from './pass-words.ts'

/** Plain text: a mail from a door is trusted less the more it looks like an advertisement. */
export const enPassMail: PassMailWords = {
  invitation: ({ link, asksPin, ...facts }) => ({
    subject: `${facts.sponsor} gave you a guest pass for AWS`,
    text: [
      `Hello ${facts.guest},`,
      `${facts.sponsor} invites you to open this role in the AWS console:`,
      factLines(facts),
      `Your link, for you alone:\n${link}`,
      asksPin
        ? `The page asks for a PIN, which ${facts.sponsor} sends you another way.`
        : 'The page asks you to sign in with this e-mail address.',
      'You did not expect this? Then delete this mail; nothing happens.',
    ].join('\n\n'),
  }),
  reminder: (facts) => ({
    subject: `The guest pass of ${facts.guest} ends on ${facts.until}`,
    text: [
      `The guest pass of ${facts.guest} ends soon.`,
      factLines(facts),
      `Is more time needed? ${facts.sponsor} can give a new pass.`,
    ].join('\n\n'),
  }),
  summary: ({ openings, isRevoked, report, ...facts }) => ({
    subject: `The guest pass of ${facts.guest} has ended`,
    text: [
      isRevoked
        ? `The guest pass of ${facts.guest} was ended by hand.`
        : `The time of the guest pass of ${facts.guest} is over.`,
      factLines(facts),
      openings.length === 0
        ? 'It was never used.'
        : `Consoles opened with it:\n${openings.map((at) => `- ${at}`).join('\n')}`,
      `Everything about it: ${report}`,
    ].join('\n\n'),
  }),
}

function factLines({ place, from, until, sponsor }: PassMailFacts): string {
  return [`Role:    ${place}`, `From:    ${from}`, `Until:   ${until}`, `Sponsor: ${sponsor}`].join(
    '\n',
  )
}
