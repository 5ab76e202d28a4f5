/* <call-announcer data-ack-url data-token data-voice="voice-id.mp3" data-clips="voice-id.json">: the voice of the board.
   Announces every [data-call-id][data-say] inside, one after the other: a chime, then the clips named in data-say.
   Afterwards it tells the server, which until then shows the officer "not announced". Without permission to make a
   sound it asks for a touch and acknowledges nothing. */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

customElements.define("call-announcer", class extends HTMLElement {
  connectedCallback() {
    this.done = new Set();
    this.gate = this.querySelector("[data-sound-gate]");
    this.gate?.addEventListener("click", async () => { await this.mayBeHeard(); this.run(); });
    this.watch = new MutationObserver(() => this.run());
    this.watch.observe(this, { childList: true, subtree: true });
    // Whoever puts the board up in the morning is asked for sound, not the first visitor of the day.
    this.mayBeHeard().then(() => this.run());
  }
  disconnectedCallback() { this.watch.disconnect(); }

  async run() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let call; (call = this.next()); ) {
        if (!(await this.mayBeHeard())) break;
        const id = call.dataset.callId;
        this.done.add(id);
        this.dataset.ringing = id;
        const spoken = await this.announce(call.dataset.say.split(/\s+/).filter(Boolean));
        delete this.dataset.ringing;
        this.acknowledge(id, spoken ? "spoken" : "chime");
        await pause(500);
      }
    } finally { this.busy = false; }
  }
  next() { return [...this.querySelectorAll("[data-call-id][data-say]")].find((call) => !this.done.has(call.dataset.callId)); }

  async mayBeHeard() {
    this.audio ??= new AudioContext();
    await Promise.race([this.audio.resume().catch(() => {}), pause(300)]);
    const heard = this.audio.state === "running";
    if (this.gate) this.gate.hidden = heard;
    return heard;
  }
  async announce(words) {
    await this.chime();
    try {
      this.voice ??= this.load();
      const { buffer, clips } = await this.voice;
      let at = this.audio.currentTime + 0.05;
      for (const [from, seconds] of words.map((word) => clips[word]).filter(Boolean)) {
        const part = new AudioBufferSourceNode(this.audio, { buffer });
        part.connect(this.audio.destination);
        part.start(at, from, seconds);
        at += seconds;
      }
      await pause((at - this.audio.currentTime) * 1000);
      return true;
    } catch {
      this.voice = undefined;
      return false;
    }
  }
  async load() {
    const [sound, list] = await Promise.all([fetch(this.dataset.voice), fetch(this.dataset.clips)]);
    return { buffer: await this.audio.decodeAudioData(await sound.arrayBuffer()), clips: await list.json() };
  }
  chime() {
    const start = this.audio.currentTime + 0.02;
    [659.3, 523.3, 784].forEach((frequency, place) => {
      const at = start + place * 0.28, tone = new OscillatorNode(this.audio, { frequency }), gain = new GainNode(this.audio, { gain: 0 });
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.35, at + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.001, at + 1.1);
      tone.connect(gain).connect(this.audio.destination);
      tone.start(at);
      tone.stop(at + 1.2);
    });
    return pause(1300);
  }
  async acknowledge(id, sound) {
    for (let wait = 1000; wait < 60_000; wait *= 2) {
      try {
        const headers = { "X-CSRFToken": this.dataset.token ?? "" }, body = new URLSearchParams({ call: id, sound });
        const answer = await fetch(this.dataset.ackUrl.replace("{id}", id), { method: "POST", headers, body });
        if (answer.ok || answer.status === 404 || answer.status === 410) return;
      } catch { /* the line is down: the next try may find it up again */ }
      await pause(wait * (0.5 + Math.random()));
    }
  }
});
