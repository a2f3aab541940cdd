use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = reqwest::Client::new()
        .post("https://keybearer.example/v1/connect-sessions")
        .bearer_auth(std::env::var("KEYBEARER_API_KEY")?)
        .json(&json!({ "end_user": { "id": "user_42" }, "providers": ["PROVIDER_KEY"] }))
        .send()
        .await?
        .error_for_status()?;
    let session: Value = answer.json().await?;
    println!("{}", session["url"]); // Send the end user's browser there.
    Ok(())
}
