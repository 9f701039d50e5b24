use linq_sandbox::Sandbox;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    key: String,
}

impl Connection {
    pub(crate) async fn open(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect(sandbox.address()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::new(), key: sandbox.api_key().to_owned() }
    }

    /// Returns the body of a response with this status code.
    pub(crate) async fn request(&mut self, method: &str, path: &str, body: &str, status: u16) -> String {
        self.write(method, path, body).await;
        self.buffer.clear();
        loop {
            self.stream.read_buf(&mut self.buffer).await.unwrap();
            let text = std::str::from_utf8(&self.buffer).unwrap();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() == length.unwrap().parse::<usize>().unwrap() {
                assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{text}");
                return body.to_owned();
            }
        }
    }
    /// Requests a response without an end, and reads it as it comes.
    pub(crate) async fn read_forever(mut self, path: &str) -> impl Future<Output = ()> + use<> {
        self.write("GET", path, "").await;
        let mut buffer = vec![0; 64 * 1024];
        assert!(self.stream.read(&mut buffer).await.unwrap() > 0);
        assert!(buffer.starts_with(b"HTTP/1.1 200 "));
        async move { while self.stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {} }
    }

    async fn write(&mut self, method: &str, path: &str, body: &str) {
        let (key, length) = (&self.key, body.len());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
    }
}
