use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer = reqwest::Client::new()
        .post("https://keybearer.example/v1/token")
        .bearer_auth(std::env::var("KEYBEARER_API_KEY")?)
        .json(&json!({ "end_user_id": "user_42", "provider": "PROVIDER_KEY" }))
        .send()
        .await?
        .error_for_status()?;
    let token: Value = answer.json().await?;
    println!("{} {}", token["access_token"], token["expires_at"]);
    Ok(())
}
