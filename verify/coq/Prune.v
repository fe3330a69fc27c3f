(** * Leaving out neurons that no readout depends on

    constructs/wiring.py, [assemble], writes a network down with the needed neurons only, chosen layer by layer from the
    last one. Here that choice: it is closed, so the network computes the same (Sub.v). *)

From Coq Require Import Reals QArith Bool List Lia.
From Approxcert Require Import Sums Network Levels Sub.
Import ListNotations.
Local Open Scope nat_scope.

(** ** The choice *)

(** The numbers of the neurons of layer k that are read, by readouts or by the kept neurons of layer k+1. *)
Definition readers {A} (rs : list (readout A)) (k : nat) (next : list (neuron A)) : list nat :=
  flat_map (fun r => if after r =? k then map fst (terms (head r)) else []) rs ++ flat_map sources next.

(** The neurons that are read; the first one of a layer that nothing reads. *)
Definition keep (width : nat) (read : list nat) : flags :=
  let m := map (fun i => existsb (Nat.eqb i) read) (seq 0 width) in if existsb (fun b => b) m then m else [true].

(** The choice for the layers [ls], numbered from k. *)
Fixpoint needs {A} (rs : list (readout A)) (k : nat) (ls : list (layer A)) : list flags :=
  match ls with
  | [] => []
  | l :: ls' =>
      let ms := needs rs (S k) ls' in
      let next := match ms, ls' with m :: _, l' :: _ => select m l' | _, _ => [] end in
      keep (length l) (readers rs k next) :: ms
  end.

(** The network of the neurons that a readout depends on. *)
Definition prune {A} (n : network A) : network A := sub (needs (readouts n) 1 (layers n)) n.

Lemma keep_kept : forall w read i, i < w -> In i read -> kept (keep w read) i.
Proof.
  intros w read i Hi Hin. unfold keep. set (m := map _ _).
  assert (H : nth i m false = true).
  { unfold m. rewrite (nth_indep _ _ (existsb (Nat.eqb 0) read)) by (rewrite map_length, seq_length; assumption).
    rewrite (map_nth (fun i => existsb (Nat.eqb i) read)), seq_nth by assumption.
    apply existsb_exists. exists i. split; [assumption|]. apply Nat.eqb_refl. }
  replace (existsb (fun b => b) m) with true; [assumption|]. symmetry. apply existsb_exists. exists true.
  split; [|reflexivity].
  rewrite <- H. apply nth_In. unfold m. rewrite map_length, seq_length. assumption.
Qed.

Lemma sources_below : forall A w (n : neuron A), neuron_reads_below w n -> Forall (fun i => i < w) (sources n).
Proof. intros A w [a u|s]; simpl; [unfold reads_below; rewrite Forall_map|]; auto. Qed.

(** From layer k on the choice is closed if the layer before keeps what it reads; the readouts read what is kept. *)
Lemma needs_closed : forall A (rs : list (readout A)) ls k w m,
  layers_wf w ls ->
  (forall i, i < w ->
    In i (readers rs (k - 1) (match needs rs k ls, ls with m' :: _, l :: _ => select m' l | _, _ => [] end)) ->
    kept m i) -> 1 <= k -> closed_layers m (needs rs k ls) ls.
Proof.
  intros A rs. induction ls as [|l ls IH]; intros k w m Hw Hm Hk; [exact I|].
  cbn [needs closed_layers] in *. destruct Hw as [Hl Hw]. split.
  - apply Forall_forall. intros n Hn. apply Forall_forall. intros i Hi. apply Hm.
    + rewrite Forall_forall in Hl. specialize (Hl n (select_incl _ _ _ n Hn)).
      apply sources_below in Hl. rewrite Forall_forall in Hl. apply Hl. assumption.
    + apply in_or_app. right. apply in_flat_map. exists n. split; assumption.
  - apply (IH (S k) (length l)); [assumption| |lia]. intros i Hi Hin. apply keep_kept; [assumption|].
    rewrite Nat.sub_succ, Nat.sub_0_r in Hin. exact Hin.
Qed.

Lemma needs_readouts : forall A (rs : list (readout A)) r, In r rs -> forall ls k j m0 i, j < length ls ->
  after r = k + j -> In i (map fst (terms (head r))) -> i < length (nth j ls []) ->
  kept (last (firstn (S j) (needs rs k ls)) m0) i.
Proof.
  intros A rs r Hr. induction ls as [|l ls IH]; intros k j m0 i Hj Ha Hi Hw; [simpl in Hj; lia|].
  cbn [needs firstn]. rewrite last_cons. destruct j as [|j].
  - cbn [firstn last nth] in *. apply keep_kept; [assumption|]. apply in_or_app. left. apply in_flat_map.
    exists r. split; [assumption|]. replace (after r =? k) with true by (symmetry; apply Nat.eqb_eq; lia). assumption.
  - cbn [length nth] in *. apply (IH (S k) j); [lia|lia|assumption|assumption].
Qed.

Lemma needs_length : forall A (rs : list (readout A)) ls k, length (needs rs k ls) = length ls.
Proof. induction ls; intros; simpl; auto. Qed.

Lemma last_firstn : forall A (l : list A) j e f, j < length l -> last (firstn (S j) l) e = nth j l f.
Proof.
  induction l as [|a l IH]; intros j e f H; [simpl in H; lia|]. cbn [firstn]. rewrite last_cons.
  destruct j as [|j]; [reflexivity|]. apply IH. simpl in H. lia.
Qed.

Lemma prune_closed : forall A (n : network A), well_formed n -> closed (needs (readouts n) 1 (layers n)) n.
Proof.
  intros A n [Hl Hr]. assert (All : forall i, i < inputs n -> kept (repeat true (inputs n)) i).
  { intros i Hi. unfold kept. apply (repeat_spec (inputs n) true). apply nth_In. rewrite repeat_length. assumption. }
  split.
  - apply (needs_closed _ _ _ _ (inputs n)); auto.
  - apply Forall_forall. intros r Hin. rewrite Forall_forall in Hr. destruct (Hr r Hin) as [Ha Hb].
    apply Forall_forall. intros i Hi. unfold reads_below in Hb. rewrite Forall_forall in Hb.
    apply in_map_iff in Hi as Hi'. destruct Hi' as [t [<- Ht]]. specialize (Hb t Ht). unfold flags_after.
    destruct (after r) as [|j] eqn:E; [apply All; exact Hb|]. unfold depth in Ha.
    apply (needs_readouts _ _ r); [assumption|exact Ha|exact E|assumption|].
    unfold width_after in Hb. rewrite <- firstn_map in Hb.
    rewrite (last_firstn _ _ _ _ 0) in Hb by (rewrite map_length; exact Ha).
    rewrite (nth_indep _ _ (length (@nil (neuron A)))) in Hb by (rewrite map_length; lia).
    rewrite map_nth in Hb. exact Hb.
Qed.

(** Leaving out what no readout depends on (as constructs/wiring.py does) changes no readout of a well formed network,
    at any point; the depth stays and the width does not grow. *)
Theorem prune_computes : forall n : network Q, well_formed n ->
  well_formed (prune n) /\ depth (prune n) = depth n /\ width (prune n) <= width n /\
  forall l x, length x = inputs n -> Phi (real (prune n)) l x = Phi (real n) l x.
Proof.
  intros n H. split; [|split; [|split]].
  - apply sub_well_formed; [apply prune_closed; assumption|assumption|apply needs_length].
  - apply sub_depth, needs_length.
  - apply sub_width.
  - intros l x Hx. unfold real, prune. rewrite <- sub_map. apply sub_Phi; [|assumption].
    apply closed_map, prune_closed. assumption.
Qed.
