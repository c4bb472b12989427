package io.vec2text.audit.detect;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.vec2text.audit.detect.Rule.Candidate;
import java.util.Locale;

/** Keys and tokens, by the prefixes that their makers give them, and passwords, by what is said. */
final class SecretRules {
  private static final String START = "(?<![a-z0-9_-])";
  private static final String END = "(?![a-z0-9])";

  /** What follows "the password is" without being one. */
  private static final ImmutableSet<String> NO_PASSWORDS =
      ImmutableSet.copyOf(
          ("a about again all allowed also always an and any as at available bad being better blank"
               + " by can case changed checked common compromised confidential correct created cut"
               + " default different displayed done easy empty encrypted enough entered even"
               + " expired expiring fine for found from given good hard hashed hidden holding"
               + " identical if important in incorrect invalid it just kept known leaked left"
               + " likely locked long longer lost masked missing more much my near necessary needed"
               + " never new no not now of off ok old on only optional or our out outdated perfect"
               + " plain presented printed private protected public reset required safe same saved"
               + " secret secure sensitive sent set shared short shown simple so something stored"
               + " strong stronger taken temporary that the their there this to too typed unique"
               + " unknown used useless valid verified very weak well what when where which wrong"
               + " written yes you your")
              .split(" ", -1));

  static final ImmutableList<Rule> RULES =
      ImmutableList.of(
          // AWS access key ids.
          key("(?:akia|asia|aroa|aida|agpa|anpa)[a-z0-9]{16}"),
          // GitHub.
          key("gh[pousr]_[a-z0-9]{30,255}"),
          key("github_pat_[a-z0-9_]{22,255}"),
          // GitLab, Slack, Stripe, Google, npm and OpenAI-like ones.
          key("glpat-[a-z0-9_-]{20,64}"),
          key("xox[abposr]-[a-z0-9-]{10,250}"),
          key("[rs]k_live_[a-z0-9]{16,250}"),
          key("aiza[a-z0-9_-]{35}"),
          key("npm_[a-z0-9]{36}"),
          key("sk-[a-z0-9_-]{20,250}"),
          // JSON web tokens: "eyJ" is {" in base64.
          key("eyj[a-z0-9_-]{8,}\\.eyj[a-z0-9_-]{8,}\\.[a-z0-9_-]{8,}"),
          Rule.of(
              DataType.SECRET_KEY,
              "-{2,5} ?begin (?:rsa |ec |dsa |openssh |encrypted |pgp )?private key(?: block)?"
                  + " ?-{2,5}",
              0.99),
          Rule.ofGroup(
              DataType.SECRET_KEY,
              "\\b(?:api[ _-]?key|secret[ _-]?key|access["
                  + " _-]?key|secret|(?:access|auth|bearer|api)[ _-]?token|client["
                  + " _-]?secret|bearer)\\b(?: is| was)? ?[:=]? ?[\"'`]?"
                  + "([a-z0-9][a-z0-9/+_.=-]{10,250}[a-z0-9=])",
              SecretRules::generic),
          Rule.ofGroup(
              DataType.PASSWORD,
              "\\b(?:password|passwd|pwd|passphrase|passcode|pass word|login code)\\b"
                  + "(?: (?:for|of|to|on) [\\w.@/-]{1,40}(?: [\\w.@-]{1,20}){0,2}?)?"
                  + "(?: ?[:=]+| is now| is| was| has been (?:changed|set) to|,) ?[:=]? ?[\"'`“‘]?"
                  + "([^\\s\"'`”’,;]{3,40})",
              SecretRules::password),
          Rule.ofGroup(
              DataType.PASSWORD,
              "\\bpin(?: code| number)?\\b(?: (?:for|of) (?:\\w+ ){1,3}?)?(?: ?[:=]| is| was)? ?"
                  + "(\\d{4,6})(?![\\w-])",
              pin -> 0.85));

  private SecretRules() {}

  private static Rule key(String pattern) {
    return Rule.of(DataType.SECRET_KEY, START + pattern + END, 0.98);
  }

  /** A key has letters and digits, and is no word with a number. */
  private static double generic(Candidate key) {
    long digits = key.value().chars().filter(Character::isDigit).count();
    long letters = key.value().chars().filter(Character::isLetter).count();
    return digits >= 2 && letters >= 4 ? 0.85 : 0;
  }

  private static double password(Candidate password) {
    String value = password.value().toLowerCase(Locale.ROOT).replaceAll("[.!?)]+$", "");
    if (value.length() < 3 || NO_PASSWORDS.contains(value) || value.endsWith("ing")) {
      return 0;
    }
    return value.chars().allMatch(Character::isLetter) ? 0.6 : 0.9;
  }
}
