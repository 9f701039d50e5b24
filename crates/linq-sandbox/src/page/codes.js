// What the error codes of failed messages and updates mean.

export const MEANINGS = {
  1004: "the message content is invalid",
  1007: "too many requests",
  2008: "the recipient has not written to the sandbox line yet",
  2017: "the service of the chat does not support this",
  2018: "an app card requires iMessage",
  2024: "the recipient opted out of messages",
  2026: "the handle is on the block list",
  2027: "the line may not send because of its reputation",
  2028: "the service does not support App Clips",
  3001: "the API failed internally",
  3005: "an upstream service timed out",
  3006: "the operation failed",
  3007: "the delivery attempts are exhausted",
  4001: "the message could not be delivered",
  4002: "the sending line is unavailable",
  4004: "the service is unavailable",
  4005: "the recipient cannot receive this type of message",
  4006: "sending timed out",
  4009: "the line has no RCS account",
  4010: "the RCS check failed",
  5002: "the file could not be downloaded",
  5004: "the media type is not allowed",
  5005: "the file is too large",
  5006: "the file does not match its media type",
  5007: "the image could not be downloaded",
};

/** The code with its meaning, if that is known. */
export const explained = (code) => (MEANINGS[code] ? `${code}: ${MEANINGS[code]}` : `code ${code}`);
