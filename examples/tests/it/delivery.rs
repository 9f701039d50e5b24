use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    time::SystemTime,
};

use linq::webhooks::Signer;

/// A delivery of a message, whose body the receiver is reading.
pub(crate) struct Delivery {
    stream: BufReader<TcpStream>,
    rest: String,
}

impl Delivery {
    /// Sends the head, waits until the receiver asks for the body, and sends half of that.
    #[expect(clippy::disallowed_methods, reason = "deliveries are signed with the current time")]
    pub(crate) fn begin(address: &str, secret: &str, text: &str) -> Self {
        let text = text.escape_unicode().to_string().replace("\\u{", "\\u00").replace('}', "");
        let body = format!(
            r#"{{"event_id":"e1","event_type":"message.received","webhook_version":"2026-02-03","data":{{"id":"m1","chat":{{"id":"c1"}},"direction":"inbound","parts":[{{"type":"text","value":"{text}"}}]}}}}"#
        );
        let now = SystemTime::now().try_into().unwrap();
        let headers = Signer::new(secret).unwrap().headers("e1", now, body.as_bytes()).unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(
            stream,
            "POST /linq HTTP/1.1\r\nhost: {address}\r\nexpect: 100-continue\r\nconnection: close\r\n"
        )
        .unwrap();
        for (name, value) in &headers {
            write!(stream, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
        }
        write!(stream, "content-length: {}\r\n\r\n", body.len()).unwrap();
        let mut stream = BufReader::new(stream);
        assert_eq!(status(&mut stream), 100);
        let (half, rest) = body.split_at(body.len() / 2);
        stream.get_mut().write_all(half.as_bytes()).unwrap();
        Self { stream, rest: rest.to_owned() }
    }

    /// Sends the other half, and returns the status code of the response.
    pub(crate) fn finish(mut self) -> u16 {
        self.stream.get_mut().write_all(self.rest.as_bytes()).unwrap();
        status(&mut self.stream)
    }
}

/// Reads the head of a response.
fn status(stream: &mut BufReader<TcpStream>) -> u16 {
    let mut head = stream.lines().map(Result::unwrap).take_while(|line| !line.is_empty());
    let status = head.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    head.for_each(drop);
    status
}
