(** * The network of L levels contains that of l levels, every weight unchanged

    docs/geometric.md, nestedness, for floor digits and bit decoders: the first l+2 layers of the network of L levels,
    with the neurons left out that only deeper levels read, are the network of l levels, weight for weight. *)

From Coq Require Import Reals QArith Bool List Lia.
From Approxcert Require Import Sums Network Levels LevelsShape Offsets Cells FloorDigits BitDecoder Sub Prune
  GeometricFloor.
Import ListNotations.
Local Open Scope nat_scope.

(** ** Flags *)

(** Neuron i is kept and gets the number j. *)
Definition becomes (m : flags) (i j : nat) : Prop := kept m i /\ rank m i = j.

(** The neurons [ls] read kept neurons only, and are the neurons [ls'] after renumbering. *)
Definition become {A} (m : flags) (ls ls' : list (neuron A)) : Prop :=
  Forall (fun n => Forall (kept m) (sources n)) ls /\ map (renumber_neuron m) ls = ls'.

Fixpoint count (m : flags) : nat := match m with [] => 0 | b :: m' => (if b then 1 else 0) + count m' end.

Lemma become_app : forall A m (a a' b b' : list (neuron A)), become m a a' -> become m b b' ->
  become m (a ++ b) (a' ++ b').
Proof.
  intros A m a a' b b' [H1 <-] [H2 <-]. split; [apply Forall_app; split; assumption|apply map_app].
Qed.

Lemma become_nil : forall A m, @become A m [] [].
Proof. split; [constructor|reflexivity]. Qed.

Lemma becomes_shift : forall a m i j, becomes m i j -> becomes (a ++ m) (length a + i) (count a + j).
Proof.
  unfold becomes, kept. induction a as [|b a IH]; intros m i j H; [assumption|].
  destruct (IH m i j H) as [K R]. cbn [app length count Nat.add nth rank]. split; [assumption|]. rewrite R. lia.
Qed.

Lemma becomes_true : forall n m i, i < n -> becomes (repeat true n ++ m) i i.
Proof.
  unfold becomes, kept. induction n; intros m i Hi; [lia|]. destruct i as [|i]; [split; reflexivity|].
  destruct (IHn m i ltac:(lia)) as [K R]. cbn [repeat app nth rank]. split; [assumption|]. rewrite R. reflexivity.
Qed.

Lemma count_repeat : forall b n, count (repeat b n) = if b then n else 0.
Proof. induction n; [destruct b; reflexivity|]. cbn [repeat count]. rewrite IHn. destruct b; reflexivity. Qed.

Lemma count_app : forall a b, count (a ++ b) = count a + count b.
Proof. induction a as [|c a IH]; intros; [reflexivity|]. cbn [app count]. rewrite IH. lia. Qed.

Lemma select_app : forall A m m' (l l' : list A), length m = length l ->
  select (m ++ m') (l ++ l') = select m l ++ select m' l'.
Proof.
  induction m as [|b m IH]; intros m' [|a l] l' H; simpl in H; try lia; [reflexivity|].
  cbn [app select]. rewrite IH by lia. destruct b; reflexivity.
Qed.

Lemma select_repeat : forall A b (l : list A), select (repeat b (length l)) l = if b then l else [].
Proof.
  intros A b l. destruct b; [apply select_all|]. induction l as [|a l IH]; [reflexivity|]. exact IH.
Qed.

Lemma shifted_become : forall m k k' (ls : list (neuron Q)) w, (forall i, i < w -> becomes m (k + i) (k' + i)) ->
  Forall (neuron_reads_below w) ls -> become m (map (shift_neuron k) ls) (map (shift_neuron k') ls).
Proof.
  intros m k k' ls w H Hl. induction Hl as [|n ls Hn _ [IH1 IH2]]; [apply become_nil|].
  apply (become_app _ m [_] [_]); [|split; assumption].
  assert (E : Forall (fun i => kept m (k + i) /\ rank m (k + i) = k' + i) (sources n)).
  { apply sources_below in Hn. revert Hn. apply Forall_impl. assumption. }
  destruct n as [a [ts c]|s]; split;
    cbn [map shift_neuron shift_affine renumber_neuron renumber_affine sources terms bias] in *.
  - constructor; [|constructor]. cbn [shift_neuron shift_affine sources terms].
    rewrite map_map. cbn [fst]. rewrite <- (map_map fst (fun i => k + i)). apply Forall_map.
    revert E. apply Forall_impl. tauto.
  - unfold renumber_affine, shift_affine; cbn [terms bias]. rewrite map_map. do 3 f_equal.
    apply map_ext_in. intros [i w'] Ht. cbn [fst snd].
    rewrite Forall_map, Forall_forall in E. destruct (E _ Ht) as [_ R]. cbn [fst] in R. rewrite R. reflexivity.
  - constructor; [|constructor]. cbn [shift_neuron sources]. apply Forall_map. revert E. apply Forall_impl. tauto.
  - do 2 f_equal. rewrite map_map. apply map_ext_in. intros i Hi. rewrite Forall_forall in E. apply E. assumption.
Qed.

(** ** The two networks *)

Section Two.
Variables (d N L l : nat) (s : store).
Hypothesis Hl : l <= L.
Let P := floor_plan d N L s.
Let p := floor_plan d N l s.

Definition digit_flags (t : nat) : flags :=
  if t <=? l then repeat (t <? l) (length (carriers d L t)) ++ repeat true (2 * d)
  else repeat false (length (digits_of P t)).

(** What is kept of layer t. *)
Definition layer_flags (t : nat) : flags :=
  if t =? 0 then repeat true d
  else digit_flags t ++ repeat true (length (outer (decoder_of p (t - 2))))
       ++ repeat (t - 1 <=? l) (length (inner (decoder_of P (t - 1)))) ++ [true].

Lemma same_decoder : forall t, t <= l ->
  outer (decoder_of P t) = outer (decoder_of p t) /\ correction (decoder_of P t) = correction (decoder_of p t) /\
  length (inner (decoder_of P t)) = length (inner (decoder_of p t)).
Proof.
  intros t Ht. destruct t as [|t]; [repeat split|]. rewrite !decoder_of_eq by (cbn; lia).
  cbn [P p floor_plan decoders]. destruct (at_level s (S t)); repeat split.
Qed.

Lemma digits_P : forall t, t <= L -> digits_of P t = carriers d L t ++ floors d N t.
Proof. intros. rewrite digits_of_eq by assumption. reflexivity. Qed.
Lemma digits_p : forall t, t <= l -> digits_of p t = carriers d l t ++ floors d N t.
Proof. intros. rewrite digits_of_eq by assumption. reflexivity. Qed.

Lemma floors_length : forall t, length (floors d N t) = 2 * d.
Proof. intros. apply vec_length. Qed.

Lemma digit_flags_length : forall t, length (digit_flags t) = length (digits_of P t).
Proof.
  intros t. unfold digit_flags. destruct (Nat.leb_spec t l); [|apply repeat_length].
  rewrite digits_P, !app_length, !repeat_length, floors_length by lia. reflexivity.
Qed.

Lemma digit_flags_select : forall t, select (digit_flags t) (digits_of P t) = digits_of p t.
Proof.
  intros t. unfold digit_flags. destruct (Nat.leb_spec t l) as [H|H].
  - rewrite digits_P, digits_p, select_app by (rewrite ?repeat_length; lia).
    rewrite <- (floors_length t), !select_repeat. f_equal. unfold carriers.
    destruct (Nat.ltb_spec t l), (Nat.ltb_spec t L); try reflexivity; lia.
  - rewrite select_repeat. symmetry. apply digits_of_none. assumption.
Qed.

Lemma select_count : forall A m (a : list A), length m = length a -> length (select m a) = count m.
Proof.
  induction m as [|b m IH]; intros [|c a] H; simpl in H; try lia; [reflexivity|].
  cbn [select count]. destruct b; cbn [length]; rewrite IH; lia.
Qed.

Lemma digit_flags_count : forall t, count (digit_flags t) = length (digits_of p t).
Proof. intros. rewrite <- digit_flags_select. symmetry. apply select_count, digit_flags_length. Qed.

(** Where the parts of layer t go. *)
Lemma outer_becomes : forall t i, 1 <= t <= l + 2 -> i < length (outer (decoder_of p (t - 2))) ->
  becomes (layer_flags t) (outer_at P t + i) (outer_at p t + i).
Proof.
  intros t i Ht Hi. unfold layer_flags. destruct (Nat.eqb_spec t 0); [lia|]. unfold outer_at.
  rewrite <- digit_flags_length, <- digit_flags_count. apply becomes_shift, becomes_true. assumption.
Qed.

Lemma inner_becomes : forall t i, 1 <= t <= l + 1 -> i < length (inner (decoder_of p (t - 1))) ->
  becomes (layer_flags t) (inner_at P t + i) (inner_at p t + i).
Proof.
  intros t i Ht Hi. unfold layer_flags. destruct (Nat.eqb_spec t 0); [lia|]. unfold inner_at, outer_at.
  destruct (same_decoder (t - 2) ltac:(lia)) as [-> _]. destruct (same_decoder (t - 1) ltac:(lia)) as [_ [_ E]].
  rewrite <- digit_flags_length, <- digit_flags_count, <- !Nat.add_assoc.
  apply becomes_shift.
  set (o := length (outer _)). rewrite <- (repeat_length true o) at 2.
  replace (o + i) with (count (repeat true o) + i) by (rewrite count_repeat; reflexivity).
  apply becomes_shift. replace (t - 1 <=? l) with true by (symmetry; apply Nat.leb_le; lia).
  apply becomes_true. lia.
Qed.

Lemma carrier_becomes : forall t, 1 <= t <= l + 2 -> becomes (layer_flags t) (carrier_at P t) (carrier_at p t).
Proof.
  intros t Ht. unfold layer_flags. destruct (Nat.eqb_spec t 0); [lia|]. unfold carrier_at, inner_at, outer_at.
  destruct (same_decoder (t - 2) ltac:(lia)) as [-> _].
  rewrite <- digit_flags_length, <- digit_flags_count, <- !Nat.add_assoc. apply becomes_shift.
  set (o := length (outer _)). rewrite <- (repeat_length true o) at 2.
  replace (o + length (inner (decoder_of p (t - 1))))
    with (count (repeat true o) + length (inner (decoder_of p (t - 1))))
    by (rewrite count_repeat; reflexivity).
  apply becomes_shift. set (r := repeat _ _).
  assert (B : becomes (r ++ [true]) (length r + 0) (count r + 0)) by (apply becomes_shift; split; reflexivity).
  unfold r in B at 2. rewrite repeat_length, !Nat.add_0_r in B.
  replace (length (inner (decoder_of p (t - 1)))) with (count r); [exact B|]. unfold r.
  rewrite count_repeat. destruct (Nat.leb_spec (t - 1) l) as [H|H].
  - destruct (same_decoder (t - 1) H) as [_ [_ ->]]. reflexivity.
  - unfold decoder_of at 1. cbn [p floor_plan levels].
      destruct (Nat.leb_spec (t - 1) l); [lia|]. rewrite andb_false_r. reflexivity.
Qed.

Lemma corrected_becomes : forall t c, 1 <= t <= l + 2 ->
  Forall (kept (layer_flags t)) (map fst (terms (corrected P t c))) /\
  renumber_affine (layer_flags t) (corrected P t c) = corrected p t c.
Proof.
  intros t c Ht. destruct (carrier_becomes t Ht) as [CK CR]. unfold corrected.
  destruct (same_decoder (t - 2) ltac:(lia)) as [_ [-> _]].
  pose proof (decoder_of_wf p (t - 2) (floor_plan_wf d N l s)) as [_ [_ W]].
  set (u := correction (decoder_of p (t - 2))) in *. unfold reads_below in W. rewrite Forall_forall in W.
  assert (B : forall x, In x (terms u) -> becomes (layer_flags t) (outer_at P t + fst x) (outer_at p t + fst x))
    by (intros x Hx; apply outer_becomes; [lia|apply W; assumption]).
  unfold renumber_affine; cbn [terms bias shift_affine]. split.
  - rewrite map_app, map_map. apply Forall_app. split; [|repeat constructor; assumption].
    apply Forall_map, Forall_forall. intros x Hx. apply B. assumption.
  - rewrite map_app, map_map. cbn [map fst snd]. rewrite CR. do 2 f_equal. apply map_ext_in.
    intros x Hx. cbn [fst snd]. destruct (B x Hx) as [_ ->]. reflexivity.
Qed.

Lemma shift_0 : forall ls : list (neuron Q), map (shift_neuron 0) ls = ls.
Proof.
  intros. rewrite <- (map_id ls) at 2. apply map_ext.
  intros [a [ts c]|q]; unfold shift_neuron, shift_affine; cbn [terms bias].
  - do 2 f_equal. rewrite <- (map_id ts) at 2. apply map_ext. intros [i w]. reflexivity.
  - f_equal. apply map_id.
Qed.

Lemma digits_become : forall t, 1 <= t -> become (layer_flags (t - 1)) (digits_of p t) (digits_of p t).
Proof.
  intros t Ht. destruct (le_gt_dec t l) as [H|H]; [|rewrite digits_of_none by assumption; apply become_nil].
  rewrite <- (shift_0 (digits_of p t)). apply (shifted_become _ _ _ _ d).
  - intros i Hi. unfold layer_flags, digit_flags. destruct (Nat.eqb_spec (t - 1) 0).
    + rewrite <- (app_nil_r (repeat true d)). apply becomes_true. assumption.
    + destruct (Nat.leb_spec (t - 1) l), (Nat.ltb_spec (t - 1) l); try lia.
      rewrite carriers_length. destruct (Nat.ltb_spec (t - 1) L); [|lia].
      rewrite <- !app_assoc. apply becomes_true. assumption.
  - rewrite digits_of_eq by assumption. apply floor_digits_reads.
Qed.

Lemma inner_shifted : forall k L', inner (bit_decoder (floor_index d N L' k) (at_level s k)) =
  map (shift_neuron (length (carriers d L' k))) (inner (bit_decoder (floor_index d N k k) (at_level s k))).
Proof.
  intros k L'. destruct (at_level s k) as [c|b lo step v]; [reflexivity|].
  cbn [bit_decoder inner map shift_neuron]. unfold scale_affine, shift_affine, floor_index; cbn [terms bias].
  do 3 f_equal. unfold row, vec. rewrite !map_map. apply map_ext. intros i. cbn [fst snd].
  f_equal. rewrite (carriers_length d k k), Nat.ltb_irrefl. reflexivity.
Qed.

Lemma inner_reads : forall k,
  Forall (neuron_reads_below (2 * d)) (inner (bit_decoder (floor_index d N k k) (at_level s k))).
Proof.
  intros k. destruct (bit_decoder_wf (floor_index d N k k) (at_level s k) (2 * d)) as [H _]; [|exact H].
  unfold reads_below, floor_index; cbn [terms]. rewrite carriers_length, Nat.ltb_irrefl.
  apply Forall_map, Forall_forall. intros m Hm. apply in_seq in Hm. simpl. lia.
Qed.

Lemma inner_become : forall t, t <= l ->
  become (layer_flags t) (inner (decoder_of P t)) (inner (decoder_of p t)).
Proof.
  intros [|t] Ht; [apply become_nil|]. rewrite !decoder_of_eq by (cbn; lia). cbn [P p floor_plan decoders].
  rewrite (inner_shifted (S t) L), (inner_shifted (S t) l).
  apply (shifted_become _ _ _ _ (2 * d)); [|apply inner_reads]. intros i Hi.
  unfold layer_flags, digit_flags. cbn [Nat.eqb]. destruct (Nat.leb_spec (S t) l); [|lia].
  set (k := length (carriers d L (S t))).
  replace (length (carriers d l (S t))) with (count (repeat (S t <? l) k)).
  - rewrite <- !app_assoc. rewrite <- (repeat_length (S t <? l) k) at 2. apply becomes_shift, becomes_true. assumption.
  - rewrite count_repeat. unfold k. rewrite !carriers_length.
    destruct (Nat.ltb_spec (S t) l), (Nat.ltb_spec (S t) L); try reflexivity; lia.
Qed.

(** Layer t of the larger network becomes layer t of the smaller one. *)
Lemma layer_becomes : forall t, 1 <= t <= l + 2 ->
  become (layer_flags (t - 1)) (select (layer_flags t) (layer_of P t)) (layer_of p t).
Proof.
  intros t Ht. unfold layer_flags at 2. destruct (Nat.eqb_spec t 0); [lia|]. unfold layer_of.
  destruct (same_decoder (t - 2) ltac:(lia)) as [-> _].
  rewrite select_app by apply digit_flags_length. rewrite digit_flags_select.
  rewrite select_app by (rewrite repeat_length, map_length; reflexivity).
  rewrite select_app by apply repeat_length.
  rewrite <- (map_length (shift_neuron (inner_at P (t - 1))) (outer (decoder_of p (t - 2)))), !select_repeat.
  apply become_app; [apply digits_become; lia|]. apply become_app; [|apply become_app].
  - destruct (le_gt_dec t 2) as [H|H].
    + replace (t - 2) with 0 by lia. apply become_nil.
    + apply (shifted_become _ _ _ _ (length (inner (decoder_of p (t - 2))))).
      * intros i Hi. apply inner_becomes; [lia|]. replace (t - 1 - 1) with (t - 2) by lia. assumption.
      * apply (decoder_of_wf p (t - 2) (floor_plan_wf d N l s)).
  - destruct (Nat.leb_spec (t - 1) l) as [H|H]; [apply inner_become; assumption|].
    unfold decoder_of. cbn [p floor_plan levels]. destruct (Nat.leb_spec (t - 1) l); [lia|].
    rewrite andb_false_r. apply become_nil.
  - cbn [select]. unfold carrier. destruct (Nat.leb_spec t 1) as [H|H].
    + split; [repeat constructor|reflexivity].
    + destruct (corrected_becomes (t - 1) (offset P (t - 3) - offset P (t - 4)) ltac:(lia)) as [K E]. split.
      * constructor; [exact K|constructor].
      * cbn [map renumber_neuron]. rewrite E. reflexivity.
Qed.

Lemma layers_become : forall n t, t + n <= l + 2 ->
  let ms := map layer_flags (seq (S t) n) in
  closed_layers (layer_flags t) ms (map (layer_of P) (seq (S t) n)) /\
  sub_layers (layer_flags t) ms (map (layer_of P) (seq (S t) n)) = map (layer_of p) (seq (S t) n).
Proof.
  induction n as [|n IH]; intros t Ht; [split; [exact I|reflexivity]|]. cbn [seq map closed_layers sub_layers].
  destruct (IH (S t) ltac:(lia)) as [C E]. destruct (layer_becomes (S t) ltac:(lia)) as [K R].
  rewrite Nat.sub_succ, Nat.sub_0_r in K, R. split; [split; assumption|]. rewrite R. exact (f_equal (cons _) E).
Qed.
End Two.

(** For all d, N, l <= L and stored data: some choice of neurons of the first l+2 layers of the network of L levels
    reads only itself, and renumbered it is the network of l levels, readouts included, every weight unchanged. *)
Theorem geometric_floor_contains : forall d N L l s, l <= L ->
  exists ms, closed ms (prefix (l + 2) (geometric_floor d N L s)) /\
    sub ms (prefix (l + 2) (geometric_floor d N L s)) = geometric_floor d N l s.
Proof.
  intros d N L l s Hl. exists (map (layer_flags d N L l s) (seq 1 (l + 2))).
  destruct (layers_become d N L l s Hl (l + 2) 0 ltac:(lia)) as [C E].
  assert (Ls : layers (prefix (l + 2) (geometric_floor d N L s)) = map (layer_of (floor_plan d N L s)) (seq 1 (l + 2))).
  { unfold prefix, geometric_floor, geometric; cbn [layers]. rewrite firstn_vec by (cbn; lia). apply layers_from_1. }
  assert (Rs : readouts (prefix (l + 2) (geometric_floor d N L s)) = vec (l + 1) (readout_of (floor_plan d N L s))).
  { unfold prefix, geometric_floor, geometric; cbn [readouts floor_plan levels].
    replace (S L) with (l + 1 + (L - l)) by lia. replace (l + 2) with (l + 1 + 1) by lia.
    apply readouts_cut. reflexivity. }
  assert (F : forall k, k <= l ->
    flags_after d (map (layer_flags d N L l s) (seq 1 (l + 2))) (k + 2) = layer_flags d N L l s (k + 2)).
  { intros k Hk. unfold flags_after. rewrite <- layers_from_1, firstn_vec by lia.
    replace (k + 2) with (S (k + 1)) by lia. apply (last_vec _ _ (fun t => layer_flags d N L l s (S t))). }
  unfold closed, sub. rewrite Ls, Rs. cbn [prefix inputs geometric_floor geometric floor_plan dimension].
  split; [split|].
  - exact C.
  - apply Forall_map, Forall_forall. intros k Hk. apply in_seq in Hk. cbn [readout_of after head].
    rewrite F by lia. apply corrected_becomes; lia.
  - unfold geometric_floor, geometric; cbn [floor_plan dimension levels]. fold (floor_plan d N l s). f_equal.
    + rewrite layers_from_1. exact E.
    + replace (S l) with (l + 1) by lia. unfold vec. rewrite map_map. apply map_ext_in. intros k Hk.
      apply in_seq in Hk. unfold renumber_readout, readout_of; cbn [level after head]. rewrite F by lia. f_equal.
      apply corrected_becomes; lia.
Qed.
